"""Futures: any order of waiting, long waits, what the SDK reports in the background."""
from __future__ import annotations

import asyncio
import logging
import threading

import numpy as np
import pytest
from tinker import AdamParams, ServiceClient, TrainingClient, types
from training import loss_per_token, next_token_datum

ADAM = AdamParams(learning_rate=1e-3)


def test_results_may_be_awaited_in_any_order_and_more_than_once(training_client: TrainingClient, batch) -> None:
    submitted = [
        (training_client.forward_backward(batch, "cross_entropy"), training_client.optim_step(ADAM))
        for _ in range(4)
    ]
    for _, optim_step in reversed(submitted):
        optim_step.result()
    losses = [loss_per_token(forward_backward.result(), batch) for forward_backward, _ in reversed(submitted)]
    assert losses == sorted(losses), "each step was computed after the one before it"
    assert loss_per_token(submitted[0][0].result(), batch) == losses[-1]


def test_calls_of_many_threads_are_all_answered(training_client: TrainingClient, batch) -> None:
    outputs = []

    def compute() -> None:
        outputs.append(training_client.forward(batch, "cross_entropy").result().loss_fn_outputs)

    threads = [threading.Thread(target=compute) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(outputs) == 8


def test_a_batch_that_the_sdk_splits_comes_back_whole_and_in_order(training_client: TrainingClient) -> None:
    data = [next_token_datum([index % 50, 7, 9]) for index in range(1030)]
    outputs = training_client.forward_backward(data, "cross_entropy").result().loss_fn_outputs
    assert len(outputs) == len(data)
    first = [row["logprobs"].tolist() for row in outputs[:50]]
    np.testing.assert_allclose([row["logprobs"].tolist() for row in outputs[1000:]], first[:30], rtol=1e-4)
    assert first[0] != first[1]


def test_a_result_that_takes_longer_than_a_poll_is_asked_for_again(
    training_client: TrainingClient, tokenizer, caplog
) -> None:
    tokens = (tokenizer.encode("again and again ") * 40)[:256]
    long_rows = [
        types.Datum(
            model_input=types.ModelInput.from_ints(tokens[:-1]),
            loss_fn_inputs={"target_tokens": tokens[1:], "weights": [1.0] * (len(tokens) - 1)},
        )
    ] * 16
    with caplog.at_level(logging.WARNING, logger="tinker"):
        for count in (2, 4, 8, 16):
            futures = [training_client.forward_backward(long_rows, "cross_entropy") for _ in range(count)]
            optim_step = training_client.optim_step(ADAM)
            with pytest.raises(TimeoutError):
                optim_step.result(timeout=0.01)
            optim_step.result()
            if "because of try_again" in caplog.text:
                break
    assert "because of try_again" in caplog.text
    assert all(len(future.result().loss_fn_outputs) == len(long_rows) for future in futures)


def test_a_future_is_awaited_in_every_way(training_client: TrainingClient, batch) -> None:
    async def wait() -> None:
        await training_client.forward_backward(batch, "cross_entropy")
        await training_client.optim_step(ADAM).result_async()
        with pytest.raises(TimeoutError):
            await training_client.save_state("slow").result_async(timeout=0)

    asyncio.run(wait())
    saved = training_client.save_state("waited").future().result()
    assert saved.path.endswith("/weights/waited")


def test_what_the_sdk_reports_about_itself_is_taken(
    service_client: ServiceClient, training_client: TrainingClient, caplog
) -> None:
    sampling_client = training_client.save_weights_and_get_sampling_client()
    rest_client = service_client.create_rest_client()
    telemetry = service_client.get_telemetry()
    assert telemetry is not None
    for client in (training_client, sampling_client, rest_client):
        assert client.get_telemetry() is telemetry
    with caplog.at_level(logging.WARNING, logger="tinker"):
        telemetry.log_exception_sync(ValueError("a report"))
        assert telemetry._wait_until_drained_sync()
    assert "Failed to send telemetry" not in caplog.text
