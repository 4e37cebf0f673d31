"""`forward_backward_custom` needs PyTorch; the two calls that it makes of the server do not."""
from __future__ import annotations

import numpy as np
from tinker import AdamParams, TrainingClient, types


def test_a_loss_of_the_users_own_is_trained(training_client: TrainingClient, batch: list[types.Datum]) -> None:
    def weighted(weights: list[np.ndarray]) -> list[types.Datum]:
        return [
            types.Datum(
                model_input=datum.model_input,
                loss_fn_inputs={"target_tokens": datum.loss_fn_inputs["target_tokens"], "weights": part},
            )
            for datum, part in zip(batch, weights)
        ]

    def logprobs() -> list[np.ndarray]:
        """Asked for as the SDK does it: without any weight."""
        nothing = [np.zeros(datum.model_input.length, dtype=np.float32) for datum in batch]
        result = training_client.forward(weighted(nothing), "cross_entropy").result()
        return [np.array(output["logprobs"].tolist()) for output in result.loss_fn_outputs]

    def loss(values: list[np.ndarray]) -> float:
        """Least where every token has the log probability -2."""
        return sum(float(((part + 2) ** 2).sum()) for part in values)

    losses = []
    for _ in range(10):
        values = logprobs()
        losses.append(loss(values))
        slopes = [(-2 * (part + 2)).astype(np.float32) for part in values]
        assert len({bool(slope > 0) for part in slopes for slope in part}) == 2, "weights of either sign"
        training_client.forward_backward(weighted(slopes), "cross_entropy")
        training_client.optim_step(AdamParams(learning_rate=3e-3)).result()
    assert loss(logprobs()) < losses[0] / 2
