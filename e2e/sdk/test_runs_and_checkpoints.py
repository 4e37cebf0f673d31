"""What the REST client lists, describes, deletes and publishes."""
from __future__ import annotations

import io
import json
import tarfile
from datetime import UTC, datetime

import pytest
import requests
import tinker
from conftest import BASE_MODEL, HUB_TOKEN, HUB_USER, Connect
from tinker import ServiceClient, TrainingClient


@pytest.fixture
def own_client(connect: Connect) -> ServiceClient:
    return connect()


@pytest.fixture
def own_run(own_client: ServiceClient) -> TrainingClient:
    return own_client.create_lora_training_client(base_model=BASE_MODEL, rank=4)


def test_capabilities_name_the_served_models(service_client: ServiceClient) -> None:
    assert BASE_MODEL in [item.model_name for item in service_client.get_server_capabilities().supported_models]


def test_runs_are_listed_newest_first_and_page_by_page(own_client: ServiceClient) -> None:
    made = [
        own_client.create_lora_training_client(base_model=BASE_MODEL, rank=4, user_metadata={"name": name})
        for name in ("first", "second", "third")
    ]
    rest = own_client.create_rest_client()
    page = rest.list_training_runs(limit=2).result()
    assert [run.training_run_id for run in page.training_runs] == [made[2].model_id, made[1].model_id]
    assert page.training_runs[0].user_metadata == {"name": "third"}
    assert (page.cursor.offset, page.cursor.limit, page.cursor.total_count) == (0, 2, 3)
    rest_of_them = rest.list_training_runs(limit=2, offset=2).result()
    assert [run.training_run_id for run in rest_of_them.training_runs] == [made[0].model_id]


def test_a_run_is_found_by_its_id_and_by_a_path_of_its_checkpoint(
    own_client: ServiceClient, own_run: TrainingClient
) -> None:
    path = own_run.save_state("a").result().path
    rest = own_client.create_rest_client()
    run = rest.get_training_run(own_run.model_id).result()
    assert (run.base_model, run.is_lora, run.lora_rank, run.corrupted) == (BASE_MODEL, True, 4, False)
    assert run.last_checkpoint is not None and run.last_checkpoint.tinker_path == path
    assert rest.get_training_run_by_tinker_path(path).result() == run


def test_info_describes_a_model_and_weights_info_a_checkpoint(
    own_client: ServiceClient, own_run: TrainingClient
) -> None:
    info = own_run.get_info()
    assert (info.model_id, info.model_data.model_name, info.lora_rank) == (own_run.model_id, BASE_MODEL, 4)
    path = own_run.save_state("a").result().path
    weights = own_client.create_rest_client().get_weights_info_by_tinker_path(path).result()
    assert (weights.base_model, weights.is_lora, weights.lora_rank) == (BASE_MODEL, True, 4)


def test_checkpoints_of_a_run_and_of_all_runs_are_listed_with_their_sizes(
    own_client: ServiceClient, own_run: TrainingClient
) -> None:
    training = own_run.save_state("epoch-1").result().path
    sampler = own_run.save_weights_for_sampler("export").result().path
    rest = own_client.create_rest_client()
    listed = rest.list_checkpoints(own_run.model_id).result().checkpoints
    assert {(item.checkpoint_id, item.checkpoint_type, item.tinker_path) for item in listed} == {
        ("weights/epoch-1", "training", training),
        ("sampler_weights/export", "sampler", sampler),
    }
    assert all(item.size_bytes > 0 for item in listed)
    everything = rest.list_user_checkpoints(limit=1).result()
    assert [item.tinker_path for item in everything.checkpoints] == [sampler]
    assert everything.cursor.total_count == 2


def test_checkpoints_are_deleted_by_id_and_by_path(own_client: ServiceClient, own_run: TrainingClient) -> None:
    rest = own_client.create_rest_client()
    paths = [own_run.save_state(name).result().path for name in ("a", "b")]
    rest.delete_checkpoint(own_run.model_id, "weights/a").result()
    rest.delete_checkpoint_from_tinker_path(paths[1]).result()
    assert rest.list_checkpoints(own_run.model_id).result().checkpoints == []
    with pytest.raises(tinker.NotFoundError, match="weights/a"):
        rest.delete_checkpoint(own_run.model_id, "weights/a").result()


def test_a_checkpoint_is_downloaded_as_an_archive(own_client: ServiceClient, own_run: TrainingClient) -> None:
    path = own_run.save_state("a").result().path
    rest = own_client.create_rest_client()
    for link in (
        rest.get_checkpoint_archive_url(own_run.model_id, "weights/a").result(),
        rest.get_checkpoint_archive_url_from_tinker_path(path).result(),
    ):
        assert link.expires > datetime.now(UTC).replace(tzinfo=None)
        body = requests.get(link.url, timeout=10).content
        with tarfile.open(fileobj=io.BytesIO(body)) as archive:
            config = json.load(archive.extractfile("adapter_config.json"))
            assert (config["r"], config["base_model_name_or_path"]) == (4, BASE_MODEL)
            assert archive.getmember("adapter_model.safetensors").size > 0


def test_a_checkpoint_is_published_to_the_hub_as_a_private_model(connect: Connect, hub_url: str) -> None:
    client = connect(HUB_TOKEN)
    run = client.create_lora_training_client(base_model=BASE_MODEL, rank=4)
    save_result = run.save_state("to-publish").result()
    client.create_rest_client().publish_checkpoint_from_tinker_path(save_result.path).result()

    repository = f"{hub_url}/api/v1/models/{HUB_USER}/{run.model_id}_to-publish"
    owner = {"Authorization": f"Bearer {HUB_TOKEN}"}
    files = requests.get(f"{repository}/repo/files", headers=owner, timeout=10).json()["Data"]["Files"]
    assert {"adapter_model.safetensors", "adapter_config.json"} <= {file["Path"] for file in files}
    assert requests.get(repository, timeout=10).status_code != 200, "nobody else may see it"


def test_a_session_names_its_runs_and_samplers(own_client: ServiceClient, own_run: TrainingClient) -> None:
    rest = own_client.create_rest_client()
    sampling_client = own_run.save_weights_and_get_sampling_client()
    (session_id,) = rest.list_sessions(limit=5).result().sessions
    session = rest.get_session(session_id).result()
    assert session.training_run_ids == [own_run.model_id]
    (sampler_id,) = session.sampler_ids
    sampler = rest.get_sampler(sampler_id).result()
    assert sampler.base_model == sampling_client.get_base_model() == BASE_MODEL
    assert sampler.model_path.startswith(f"twinkle://{own_run.model_id}/sampler_weights/")


def test_two_owners_train_at_once_and_see_only_what_is_theirs(connect: Connect, batch) -> None:
    clients = [connect(), connect()]
    runs = [client.create_lora_training_client(base_model=BASE_MODEL, rank=4, seed=5) for client in clients]
    losses = [[], []]
    for _ in range(3):
        futures = [run.forward_backward(batch, "cross_entropy") for run in runs]
        for index, run in enumerate(runs):
            run.optim_step(tinker.AdamParams(learning_rate=1e-3)).result()
            losses[index].append([row["logprobs"].tolist() for row in futures[index].result().loss_fn_outputs])
    assert losses[0] == losses[1], "neither disturbs the other"

    path = runs[0].save_state("mine").result().path
    owner, stranger = (client.create_rest_client() for client in clients)
    assert [run.training_run_id for run in owner.list_training_runs().result().training_runs] == [runs[0].model_id]
    assert [run.training_run_id for run in stranger.list_training_runs().result().training_runs] == [runs[1].model_id]
    for call in (
        lambda: stranger.get_training_run(runs[0].model_id).result(),
        lambda: stranger.list_checkpoints(runs[0].model_id).result(),
        lambda: stranger.delete_checkpoint_from_tinker_path(path).result(),
        lambda: clients[1].create_training_client_from_state(path),
        lambda: clients[1].create_sampling_client(model_path=path),
    ):
        with pytest.raises(tinker.NotFoundError):
            call()
    with pytest.raises(tinker.RequestFailedError, match="not found or access denied"):
        runs[1].load_state(path).result()
    assert len(owner.list_checkpoints(runs[0].model_id).result().checkpoints) == 1
