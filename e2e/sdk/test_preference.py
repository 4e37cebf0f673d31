"""Direct preference optimization as Twinkle's Tinker client does it: pairs, and a reference from the base model."""
from __future__ import annotations

import math

import pytest
from tinker import AdamParams, TrainingClient, types


def test_a_preference_is_trained(training_client: TrainingClient, batch: list[types.Datum]) -> None:
    reference = training_client.forward(
        batch, "cross_entropy", loss_fn_config={"disable_lora": True}
    ).result()
    pairs = [
        types.Datum(
            model_input=datum.model_input,
            loss_fn_inputs={**datum.loss_fn_inputs, "ref_logps": output["logprobs"]},
        )
        for datum, output in zip(batch, reference.loss_fn_outputs)
    ]

    metrics = []
    for _ in range(6):
        config = {"dpo_beta": 0.1, "dpo_sft_weight": 0.0}
        training_client.forward_backward(pairs, "importance_sampling", loss_fn_config=config).result()
        metrics.append(training_client.optim_step(AdamParams(learning_rate=3e-3)).result().metrics)
    assert metrics[0]["loss"] == pytest.approx(math.log(2), rel=1e-4)
    assert metrics[0]["rewards/margins"] == pytest.approx(0, abs=1e-4)
    assert metrics[-1]["loss"] < 0.9 * metrics[0]["loss"]
    assert metrics[-1]["rewards/accuracies"] == 100
    assert metrics[-1]["logps/chosen"] - metrics[-1]["logps/rejected"] > 0
