"""Errors have the SDK's types, name the cause, and come at once."""
from __future__ import annotations

import time

import pytest
import requests
import tinker
from conftest import BASE_MODEL, HUB_TOKEN, HUB_USER, Connect
from tinker import AdamParams, RequestFailedError, ServiceClient, TrainingClient, types
from training import next_token_datum


@pytest.fixture(autouse=True)
def at_once():
    """The SDK repeats what looks temporary: an error that it takes for that would make the caller wait."""
    began = time.monotonic()
    yield
    assert time.monotonic() - began < 10


def with_inputs(**inputs: list[float]) -> list[types.Datum]:
    datum = next_token_datum([10, 11, 12])
    return [types.Datum(model_input=datum.model_input, loss_fn_inputs={**datum.loss_fn_inputs, **inputs})]


def test_an_unknown_base_model_names_those_that_are_served(service_client: ServiceClient) -> None:
    with pytest.raises(tinker.BadRequestError, match=f"no/such.*{BASE_MODEL}"):
        service_client.create_lora_training_client(base_model="no/such")
    with pytest.raises(tinker.NotFoundError, match=BASE_MODEL):
        service_client.create_sampling_client(base_model="no/such")


@pytest.mark.parametrize("rank", [0, -1, 65])
def test_a_rank_that_cannot_be_trained(service_client: ServiceClient, rank: int) -> None:
    with pytest.raises(tinker.BadRequestError, match="lora_config.rank"):
        service_client.create_lora_training_client(base_model=BASE_MODEL, rank=rank)


@pytest.mark.parametrize(
    ("data", "loss_fn", "sentence"),
    [
        (with_inputs(weights=[1.0]), "cross_entropy", "weights has 1 values for 2 tokens"),
        (with_inputs(target_tokens=[11, 10**6]), "cross_entropy", "token ids are whole numbers"),
        ([next_token_datum([10, -1, 12])], "cross_entropy", "token 1 is -1"),
        ([next_token_datum([10] * 10_000)], "cross_entropy", "takes at most"),
        (with_inputs(), "importance_sampling", "logprobs is missing"),
        (with_inputs(), "dro", "unknown here"),
    ],
)
def test_a_batch_that_cannot_be_trained_names_row_and_field(
    training_client: TrainingClient, data: list[types.Datum], loss_fn: types.LossFnType, sentence: str
) -> None:
    with pytest.raises(tinker.BadRequestError, match=sentence):
        training_client.forward_backward(data, loss_fn).result()
    # The model goes on.
    training_client.forward_backward(with_inputs(), "cross_entropy").result()
    training_client.optim_step(AdamParams(learning_rate=1e-3)).result()


def test_a_step_without_gradients_fails_in_its_future(training_client: TrainingClient) -> None:
    with pytest.raises(RequestFailedError, match="call forward_backward before optim_step") as failure:
        training_client.optim_step(AdamParams(learning_rate=1e-3)).result()
    assert failure.value.category is types.RequestErrorCategory.User


def test_a_checkpoint_that_is_not_there(service_client: ServiceClient, training_client: TrainingClient) -> None:
    path = f"twinkle://{training_client.model_id}/weights/none"
    rest = service_client.create_rest_client()
    with pytest.raises(RequestFailedError, match="Checkpoint not found") as failure:
        training_client.load_state(path).result()
    assert failure.value.category is types.RequestErrorCategory.User
    for call in (
        lambda: service_client.create_training_client_from_state(path),
        lambda: service_client.create_sampling_client(model_path=path),
        lambda: rest.get_weights_info_by_tinker_path(path).result(),
        lambda: rest.publish_checkpoint_from_tinker_path(path).result(),
        lambda: rest.delete_checkpoint_from_tinker_path(path).result(),
    ):
        with pytest.raises(tinker.NotFoundError, match="none"):
            call()


def test_a_path_of_another_kind(training_client: TrainingClient) -> None:
    with pytest.raises(tinker.BadRequestError, match="twinkle://RUN/weights/NAME"):
        training_client.load_state("ms://owner/name").result()


def test_a_run_a_session_and_a_sampler_that_are_not_there(service_client: ServiceClient) -> None:
    rest = service_client.create_rest_client()
    for call in (rest.get_training_run, rest.list_checkpoints, rest.get_session, rest.get_sampler):
        with pytest.raises(tinker.NotFoundError):
            call("none").result()


def test_wrong_sampling_parameters(service_client: ServiceClient) -> None:
    sampler = service_client.create_sampling_client(base_model=BASE_MODEL)
    prompt = types.ModelInput.from_ints([10, 11])
    for params, sentence in (
        (types.SamplingParams(max_tokens=4, temperature=-1.0), "temperature"),
        (types.SamplingParams(max_tokens=4, top_p=2.0), "top_p"),
        (types.SamplingParams(max_tokens=-4), "max_tokens"),
    ):
        with pytest.raises(tinker.BadRequestError, match=sentence):
            sampler.sample(prompt, 1, params).result()
    with pytest.raises(tinker.BadRequestError, match="holds no tokens"):
        sampler.sample(types.ModelInput.empty(), 1, types.SamplingParams(max_tokens=4)).result()


def test_an_image_in_a_prompt(service_client: ServiceClient) -> None:
    sampler = service_client.create_sampling_client(base_model=BASE_MODEL)
    picture = types.ImageChunk(data=b"not looked at", format="png")
    with pytest.raises(tinker.UnprocessableEntityError, match="prompt.chunks.0"):
        sampler.sample(types.ModelInput(chunks=[picture]), 1, types.SamplingParams(max_tokens=4)).result()


def test_a_page_that_makes_no_sense(service_client: ServiceClient) -> None:
    with pytest.raises(tinker.UnprocessableEntityError, match="limit"):
        service_client.create_rest_client().list_training_runs(limit=-1).result()


def test_a_token_that_the_hub_does_not_know(connect: Connect) -> None:
    client = connect("ms-unknown")
    run = client.create_lora_training_client(base_model=BASE_MODEL, rank=4)
    path = run.save_state("unpublished").result().path
    with pytest.raises(tinker.AuthenticationError):
        client.create_rest_client().publish_checkpoint_from_tinker_path(path).result()


def test_a_name_that_is_taken_on_the_hub(connect: Connect, hub_url: str) -> None:
    client = connect(HUB_TOKEN)
    run = client.create_lora_training_client(base_model=BASE_MODEL, rank=4)
    path = run.save_state("taken").result().path
    is_public = 5
    requests.post(
        f"{hub_url}/api/v1/models",
        json={"Path": HUB_USER, "Name": f"{run.model_id}_taken", "Visibility": is_public},
        headers={"Authorization": f"Bearer {HUB_TOKEN}"},
        timeout=10,
    ).raise_for_status()
    with pytest.raises(tinker.BadRequestError, match="is not a private model of yours"):
        client.create_rest_client().publish_checkpoint_from_tinker_path(path).result()
