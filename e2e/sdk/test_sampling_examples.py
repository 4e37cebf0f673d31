"""The two sampling examples of Twinkle's "Tinker Client" page."""
from __future__ import annotations

import pytest
from conftest import BASE_MODEL
from tinker import ServiceClient, TrainingClient, types
from training import next_token_datum, train_step

PROMPT, ANSWER = "English: banana split\nPig Latin:", " anana-bay plit-say"


@pytest.fixture(scope="module")
def trained(service_client: ServiceClient, tokenizer) -> TrainingClient:
    client = service_client.create_lora_training_client(base_model=BASE_MODEL, rank=16, seed=3)
    prompt = tokenizer.encode(PROMPT)
    completion = tokenizer.encode(f"{ANSWER}\n\n", add_special_tokens=False)
    datum = next_token_datum(prompt + completion, len(prompt))
    for _ in range(40):
        loss = train_step(client, [datum], learning_rate=1e-2)
        if loss < 0.01:
            break
    assert loss < 0.05
    return client


def test_from_training(trained: TrainingClient, tokenizer) -> None:
    sampling_client = trained.save_weights_and_get_sampling_client(name="my-model")

    prompt = types.ModelInput.from_ints(tokenizer.encode(PROMPT))
    params = types.SamplingParams(
        max_tokens=20,
        temperature=0.0,
        stop=["\n"],
    )
    result = sampling_client.sample(prompt=prompt, sampling_params=params, num_samples=8).result()

    assert len(result.sequences) == 8
    for seq in result.sequences:
        assert tokenizer.decode(seq.tokens).split("\n")[0] == ANSWER
        assert seq.stop_reason == "stop"
        assert len(seq.logprobs) == len(seq.tokens)


def test_from_checkpoint(service_client: ServiceClient, trained: TrainingClient, tokenizer) -> None:
    save_result = trained.save_state("checkpoint_name").result()
    sampling_client = service_client.create_sampling_client(
        model_path=save_result.path,
        base_model=BASE_MODEL,
    )

    inputs = [
        {"role": "system", "content": "You are a helpful assistant"},
        {"role": "user", "content": "What is your name?"},
        {"role": "assistant", "content": "I have none."},
        {"role": "user", "content": "Then choose one."},
    ]
    input_ids = tokenizer.apply_chat_template(
        inputs, tokenize=True, return_dict=False, add_generation_prompt=True
    )
    prompt = types.ModelInput.from_ints(input_ids)
    params = types.SamplingParams(
        max_tokens=50,
        temperature=0.2,
        stop=["\n"],
    )
    result = sampling_client.sample(prompt=prompt, sampling_params=params, num_samples=8).result()

    assert len(result.sequences) == 8
    for seq in result.sequences:
        assert 0 < len(seq.tokens) <= 50
        assert seq.stop_reason in ("stop", "length")
