"""The two training examples of Twinkle's "Tinker Client" page."""
from __future__ import annotations

from pathlib import Path

import numpy as np
from conftest import BASE_MODEL
from datasets import load_dataset
from tinker import ServiceClient, types
from training import loss_per_token, next_token_datum
from transformers import AutoTokenizer
from twinkle.preprocessor import SelfCognitionProcessor

ROWS = Path(__file__).parent / "data" / "self_cognition.jsonl"


def test_pig_latin(service_client: ServiceClient) -> None:
    rest_client = service_client.create_rest_client()
    response = rest_client.list_training_runs(limit=50).result()
    print(f"Found {len(response.training_runs)} training runs")

    training_client = service_client.create_lora_training_client(base_model=BASE_MODEL)

    examples = [
        {"input": "banana split", "output": "anana-bay plit-say"},
        {"input": "quantum physics", "output": "uantum-qay ysics-phay"},
        {"input": "donut shop", "output": "onut-day op-shay"},
    ]
    tokenizer = AutoTokenizer.from_pretrained(BASE_MODEL, trust_remote_code=True)

    def process_example(example: dict, tokenizer) -> types.Datum:
        prompt = f"English: {example['input']}\nPig Latin:"
        prompt_tokens = tokenizer.encode(prompt, add_special_tokens=True)
        prompt_weights = [0] * len(prompt_tokens)
        completion_tokens = tokenizer.encode(f" {example['output']}\n\n", add_special_tokens=False)
        completion_weights = [1] * len(completion_tokens)

        tokens = prompt_tokens + completion_tokens
        weights = prompt_weights + completion_weights

        input_tokens = tokens[:-1]
        target_tokens = tokens[1:]
        weights = weights[1:]

        return types.Datum(
            model_input=types.ModelInput.from_ints(tokens=input_tokens),
            loss_fn_inputs=dict(weights=weights, target_tokens=target_tokens),
        )

    processed_examples = [process_example(ex, tokenizer) for ex in examples]

    losses, paths = [], []
    for epoch in range(2):
        for batch in range(5):
            fwdbwd_future = training_client.forward_backward(processed_examples, "cross_entropy")
            optim_future = training_client.optim_step(types.AdamParams(learning_rate=1e-4))

            fwdbwd_result = fwdbwd_future.result()
            optim_result = optim_future.result()

            logprobs = np.concatenate([o["logprobs"].tolist() for o in fwdbwd_result.loss_fn_outputs])
            weights = np.concatenate([e.loss_fn_inputs["weights"].tolist() for e in processed_examples])
            losses.append(-np.dot(logprobs, weights) / weights.sum())
            print(f"Epoch {epoch}, Batch {batch}: Loss = {losses[-1]:.4f}")
            assert optim_result.metrics["learning rate(param group 1)"] == 1e-4

        save_result = training_client.save_state(f"lora-epoch-{epoch}").result()
        print(f"Saved checkpoint to {save_result.path}")
        paths.append(save_result.path)

    assert losses == sorted(losses, reverse=True), "the loss falls at every step"
    run = training_client.model_id
    assert paths == [f"twinkle://{run}/weights/lora-epoch-{epoch}" for epoch in range(2)]


def test_self_cognition(service_client: ServiceClient, tokenizer) -> None:
    """The page's `Dataset` and `Template` need torch; `datasets` and the model's chat template do the same here."""
    dataset = load_dataset("json", data_files=str(ROWS), split="train")
    processor = SelfCognitionProcessor("twinkle model", "ModelScope Team")
    dataset = dataset.map(processor, batched=True, load_from_cache_file=False, remove_columns=dataset.column_names)

    def encode(messages: list[dict], max_length: int) -> types.Datum:
        def render(part, **options):
            return tokenizer.apply_chat_template(part, tokenize=True, return_dict=False, **options)

        prompt = render(messages[:-1], add_generation_prompt=True)
        return next_token_datum(render(messages)[:max_length], len(prompt))

    training_client = service_client.create_lora_training_client(base_model=BASE_MODEL, rank=16)
    mean_losses = []
    for epoch in range(3):
        losses = []
        for batch in dataset.iter(batch_size=8):
            input_datum = [encode(messages, max_length=256) for messages in batch["messages"]]
            fwdbwd_future = training_client.forward_backward(input_datum, "cross_entropy")
            optim_future = training_client.optim_step(types.AdamParams(learning_rate=1e-4))
            fwdbwd_result = fwdbwd_future.result()
            optim_future.result()
            losses.append(loss_per_token(fwdbwd_result, input_datum))
        mean_losses.append(np.mean(losses))
        save_result = training_client.save_state(f"twinkle-lora-{epoch}").result()
        assert save_result.path.endswith(f"/weights/twinkle-lora-{epoch}")

    assert mean_losses == sorted(mean_losses, reverse=True), "the loss falls with every epoch"
