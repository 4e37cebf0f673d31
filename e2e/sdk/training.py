"""Rows, steps and losses as the examples of Twinkle's page make them."""
from __future__ import annotations

import numpy as np
from tinker import TrainingClient, types


def next_token_datum(tokens: list[int], prompt_length: int = 0) -> types.Datum:
    """Teaches every token from its predecessors, except those of the prompt."""
    weights = [0] * prompt_length + [1] * (len(tokens) - prompt_length)
    return types.Datum(
        model_input=types.ModelInput.from_ints(tokens=tokens[:-1]),
        loss_fn_inputs=dict(weights=weights[1:], target_tokens=tokens[1:]),
    )


def loss_per_token(result: types.ForwardBackwardOutput, data: list[types.Datum]) -> float:
    logprobs = np.concatenate([output["logprobs"].tolist() for output in result.loss_fn_outputs])
    weights = np.concatenate([datum.loss_fn_inputs["weights"].tolist() for datum in data])
    return float(-np.dot(logprobs, weights) / weights.sum())


def train_step(client: TrainingClient, data: list[types.Datum], learning_rate: float = 5e-3) -> float:
    """One forward, backward and optimizer step; the loss before it."""
    forward_backward = client.forward_backward(data, "cross_entropy")
    optim_step = client.optim_step(types.AdamParams(learning_rate=learning_rate))
    optim_step.result()
    return loss_per_token(forward_backward.result(), data)
