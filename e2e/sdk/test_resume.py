"""Training goes on from a checkpoint."""
from __future__ import annotations

import pytest
from tinker import ServiceClient, TrainingClient, types
from training import train_step


@pytest.fixture
def saved(training_client: TrainingClient, batch: list[types.Datum]) -> str:
    for _ in range(3):
        train_step(training_client, batch)
    return training_client.save_state("three-steps").result().path


def test_with_the_optimizer_the_losses_are_those_of_the_original(
    service_client: ServiceClient, training_client: TrainingClient, batch: list[types.Datum], saved: str
) -> None:
    resumed = service_client.create_training_client_from_state_with_optimizer(
        saved, user_metadata={"name": "resumed"}
    )
    assert resumed.get_info().lora_rank == training_client.get_info().lora_rank
    for _ in range(3):
        expected = train_step(training_client, batch)
        assert train_step(resumed, batch) == pytest.approx(expected, rel=1e-6)


def test_without_the_optimizer_the_first_loss_is_that_of_the_original_and_later_ones_are_not(
    service_client: ServiceClient, training_client: TrainingClient, batch: list[types.Datum], saved: str
) -> None:
    resumed = service_client.create_training_client_from_state(saved)
    assert train_step(resumed, batch) == pytest.approx(train_step(training_client, batch), rel=1e-6)
    assert train_step(resumed, batch) != pytest.approx(train_step(training_client, batch), rel=1e-4)


def test_loading_into_a_model_brings_its_weights_back(
    training_client: TrainingClient, batch: list[types.Datum], saved: str
) -> None:
    after_save = train_step(training_client, batch)
    train_step(training_client, batch)
    assert training_client.load_state(saved).result().path == saved
    assert train_step(training_client, batch) == pytest.approx(after_save, rel=1e-6)
    training_client.load_state_with_optimizer(saved).result()
    assert train_step(training_client, batch) == pytest.approx(after_save, rel=1e-6)


def test_forward_changes_nothing(training_client: TrainingClient, batch: list[types.Datum]) -> None:
    first = training_client.forward(batch, "cross_entropy").result().loss_fn_outputs
    second = training_client.forward(batch, "cross_entropy").result().loss_fn_outputs
    assert [row["logprobs"].tolist() for row in first] == [row["logprobs"].tolist() for row in second]
