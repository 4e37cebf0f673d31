"""Tinker's own quick start, without Twinkle's patch; prints what it found as JSON. Run by test_plain_sdk.py."""
from __future__ import annotations

import json

import tinker
from tinker import types


def main() -> dict:
    service_client = tinker.ServiceClient()
    base_model = service_client.get_server_capabilities().supported_models[0].model_name
    training_client = service_client.create_lora_training_client(base_model=base_model, rank=8)
    tokenizer = training_client.get_tokenizer()

    tokens = tokenizer.encode("English: banana split\nPig Latin: anana-bay plit-say")
    datum = types.Datum(
        model_input=types.ModelInput.from_ints(tokens[:-1]),
        loss_fn_inputs=dict(weights=[1] * (len(tokens) - 1), target_tokens=tokens[1:]),
    )
    losses = []
    for _ in range(3):
        forward_backward = training_client.forward_backward([datum], "cross_entropy")
        optim_step = training_client.optim_step(types.AdamParams(learning_rate=1e-3))
        losses.append(-sum(forward_backward.result().loss_fn_outputs[0]["logprobs"].data))
        optim_step.result()

    state = training_client.save_state("state").result().path
    exported = training_client.save_weights_for_sampler("export").result().path
    sampling_client = service_client.create_sampling_client(model_path=exported)
    answer = sampling_client.sample(
        prompt=types.ModelInput.from_ints(tokens[:8]),
        num_samples=2,
        sampling_params=types.SamplingParams(max_tokens=4, temperature=0.0),
    ).result()
    resumed = service_client.create_training_client_from_state_with_optimizer(state)

    rest_client = service_client.create_rest_client()
    return {
        "losses": losses,
        "paths": [state, exported],
        "answers": [sequence.tokens for sequence in answer.sequences],
        "resumed_rank": resumed.get_info().lora_rank,
        "runs": len(rest_client.list_training_runs().result().training_runs),
        "run": rest_client.get_training_run_by_tinker_path(state).result().training_run_id,
        "listed": [item.tinker_path for item in rest_client.list_user_checkpoints().result().checkpoints],
    }


if __name__ == "__main__":
    print(json.dumps(main()))
