"""Sampling clients: where they come from and what they answer."""
from __future__ import annotations

import logging
import pickle

import numpy as np
import pytest
from conftest import BASE_MODEL
from tinker import SamplingClient, ServiceClient, TrainingClient, types
from tinker.lib.api_future_impl import QueueState
from training import train_step

GREEDY = types.SamplingParams(max_tokens=8, temperature=0.0)


@pytest.fixture(scope="module")
def prompt(tokenizer) -> types.ModelInput:
    return types.ModelInput.from_ints(tokenizer.encode("one two three"))


@pytest.fixture(scope="module")
def base_sampler(service_client: ServiceClient) -> SamplingClient:
    return service_client.create_sampling_client(base_model=BASE_MODEL)


def tokens_of(client: SamplingClient, prompt: types.ModelInput, params: types.SamplingParams, count: int = 1):
    return [seq.tokens for seq in client.sample(prompt, count, params).result().sequences]


def test_every_way_to_a_checkpoint_samples_the_same_weights(
    service_client: ServiceClient, training_client: TrainingClient, batch, prompt, base_sampler
) -> None:
    for _ in range(20):
        train_step(training_client, batch, learning_rate=1e-2)
    training = training_client.save_state("trained").result().path
    exported = training_client.save_weights_for_sampler("trained").result().path
    samplers = [
        training_client.save_weights_and_get_sampling_client(),
        training_client.save_weights_and_get_sampling_client_submit().result(),
        training_client.create_sampling_client(exported),
        service_client.create_sampling_client(model_path=exported),
        service_client.create_sampling_client(model_path=training, base_model=BASE_MODEL),
        SamplingClient.create(service_client.holder, model_path=training).result(),
    ]
    (expected,) = tokens_of(samplers[0], prompt, GREEDY)
    assert all(tokens_of(sampler, prompt, GREEDY) == [expected] for sampler in samplers)
    assert tokens_of(base_sampler, prompt, GREEDY) != [expected]


def test_the_same_seed_gives_the_same_answers_and_another_seed_others(base_sampler, prompt) -> None:
    def params(seed: int) -> types.SamplingParams:
        return types.SamplingParams(max_tokens=12, temperature=1.0, seed=seed)

    first = tokens_of(base_sampler, prompt, params(1), count=3)
    assert tokens_of(base_sampler, prompt, params(1), count=3) == first
    assert tokens_of(base_sampler, prompt, params(2), count=3) != first
    assert first[0] != first[1]


def test_logprobs_of_a_prompt_are_those_that_training_sees(
    service_client: ServiceClient, base_sampler, batch, training_client: TrainingClient
) -> None:
    datum = batch[0]
    tokens = datum.model_input.to_ints() + datum.loss_fn_inputs["target_tokens"].tolist()[-1:]
    prompt = types.ModelInput.from_ints(tokens)
    logprobs = base_sampler.compute_logprobs(prompt).result()
    assert logprobs[0] is None and len(logprobs) == len(tokens)
    (output,) = training_client.forward([datum], "cross_entropy").result().loss_fn_outputs
    # A fresh adapter changes nothing.
    np.testing.assert_allclose(logprobs[1:], output["logprobs"].tolist(), atol=1e-4)
    answer = base_sampler.sample(prompt, 1, GREEDY, include_prompt_logprobs=True).result()
    assert answer.prompt_logprobs == logprobs


def test_the_likeliest_tokens_of_a_prompt_come_with_their_logprobs(base_sampler, prompt) -> None:
    answer = base_sampler.sample(
        prompt, 1, GREEDY, include_prompt_logprobs=True, topk_prompt_logprobs=3
    ).result()
    first, *others = answer.topk_prompt_logprobs
    assert first is None and len(others) == prompt.length - 1
    for position, likeliest in enumerate(others, start=1):
        logprobs = [logprob for _, logprob in likeliest]
        assert len(likeliest) == 3 and logprobs == sorted(logprobs, reverse=True)
        assert answer.prompt_logprobs[position] <= logprobs[0] + 1e-5


def test_stop_tokens_end_an_answer(base_sampler, prompt) -> None:
    (free,) = tokens_of(base_sampler, prompt, GREEDY)
    params = types.SamplingParams(max_tokens=8, temperature=0.0, stop=[free[2]])
    (answer,) = base_sampler.sample(prompt, 1, params).result().sequences
    assert answer.stop_reason == "stop"
    assert answer.tokens == free[: free.index(free[2]) + 1]


def test_a_hundred_requests_at_once_are_all_answered(base_sampler, prompt) -> None:
    futures = [base_sampler.sample(prompt, 1, GREEDY) for _ in range(100)]
    answers = {tuple(future.result().sequences[0].tokens) for future in futures}
    assert len(answers) == 1


def test_a_client_goes_to_another_process_as_a_pickle(base_sampler, prompt) -> None:
    copy = pickle.loads(pickle.dumps(base_sampler))
    assert tokens_of(copy, prompt, GREEDY) == tokens_of(base_sampler, prompt, GREEDY)


def test_both_clients_find_the_tokenizer_of_their_model(base_sampler, training_client, tokenizer) -> None:
    text = "Which tokens are these? 你好"
    expected = tokenizer.encode(text)
    assert base_sampler.get_tokenizer().encode(text) == expected
    assert training_client.get_tokenizer().encode(text) == expected


def test_a_paused_queue_is_reported_by_the_client(base_sampler, caplog) -> None:
    with caplog.at_level(logging.WARNING):
        base_sampler.on_queue_state_change(QueueState.PAUSED_CAPACITY, None)
    assert "Sampling is paused" in caplog.text
