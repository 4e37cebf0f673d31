#!/usr/bin/env python3
"""Makes the goldens beside this file: tiny models, LoRA adapters saved by PEFT, and what PyTorch computes with them.

Each folder holds a Hugging Face model, `adapter/` as PEFT saves it, `golden.json` (a batch, log probabilities, losses
and a loss curve) and `gradients.safetensors` (CASE/TENSOR). Models are saved in bfloat16, all is computed in 64 bits.

Usage: make.py [FOLDER]        by `npm run goldens`, which has the packages
"""
import json
import os
import sys

import torch
import torch.nn.functional as F
from peft import LoraConfig, get_peft_model
from safetensors.torch import save_file
from transformers import AutoConfig, AutoModelForCausalLM

SHAPE = dict(
    vocab_size=61,
    hidden_size=32,
    num_hidden_layers=2,
    num_attention_heads=4,
    num_key_value_heads=2,
    intermediate_size=48,
    max_position_embeddings=96,
    bos_token_id=None,
    eos_token_id=2,
    pad_token_id=None,
)
MODELS = {
    "qwen2": dict(tie_word_embeddings=True, rope_theta=5000.0),
    "llama": dict(tie_word_embeddings=False, rope_theta=500.0, head_dim=16, rms_norm_eps=1e-5),
    "qwen3": dict(tie_word_embeddings=True, rope_theta=1e6, head_dim=16),
}
LORA = dict(r=4, lora_alpha=32, target_modules="q_proj k_proj v_proj o_proj gate_proj up_proj down_proj".split())
LENGTHS = [19, 12, 7, 16]
CASES = {
    "cross_entropy": {},
    "importance_sampling": {},
    "ppo": {},
    "ppo_narrow": dict(clip_low_threshold=0.95, clip_high_threshold=1.02),
    "dpo": {},
    "dpo_sft": dict(dpo_beta=0.3, dpo_sft_weight=0.5),
    "dpo_hinge": dict(dpo_loss_type="hinge", dpo_beta=0.05),
    "dpo_ipo": dict(dpo_loss_type="ipo", dpo_beta=0.2),
    "dpo_kto_pair": dict(dpo_loss_type="kto_pair"),
}
STEPS = 20
ADAM = dict(learningRate=3e-3, beta1=0.9, beta2=0.95, eps=1e-8, weightDecay=0.01, gradClipNorm=0.5)


def fill(model, generator):
    """Weights large enough for every gradient to matter."""
    for name, parameter in model.named_parameters():
        noise = torch.empty_like(parameter).uniform_(-1, 1, generator=generator)
        with torch.no_grad():
            if "norm" in name:
                parameter.copy_(1 + 0.2 * noise)
            elif name.endswith("bias"):
                parameter.copy_(0.3 * noise)
            elif "embed_tokens" in name:
                parameter.copy_(0.6 * noise)
            else:
                parameter.copy_(1.6 * noise / parameter.shape[1] ** 0.5)


def make_batch(generator):
    rows = []
    for length in LENGTHS:
        tokens = torch.randint(0, SHAPE["vocab_size"], (length + 1,), generator=generator)
        weights = torch.empty(length).uniform_(-0.3, 1.2, generator=generator)
        weights[torch.rand(length, generator=generator) < 0.25] = 0
        rows.append({"tokens": tokens[:-1], "targets": tokens[1:], "weights": weights})
    return rows


def all_logprobs(model, rows):
    logits = [model(input_ids=row["tokens"][None]).logits[0] for row in rows]
    return [
        F.log_softmax(row_logits, -1).gather(1, row["targets"][:, None])[:, 0]
        for row_logits, row in zip(logits, rows)
    ]


def cross_entropy(logprobs, rows, config):
    total = sum(row["weights"].double().abs().sum() for row in rows)
    return -sum((logprob * row["weights"]).sum() for logprob, row in zip(logprobs, rows)) / total


def importance_sampling(logprobs, rows, config):
    return -sum(
        ((logprob - row["oldLogprobs"]).exp() * row["advantages"])[row["weights"] != 0].sum()
        for logprob, row in zip(logprobs, rows)
    )


def ppo(logprobs, rows, config):
    low, high = config.get("clip_low_threshold", 0.8), config.get("clip_high_threshold", 1.2)
    loss = 0
    for logprob, row in zip(logprobs, rows):
        ratio = (logprob - row["oldLogprobs"]).exp()
        gain = torch.minimum(ratio * row["advantages"], ratio.clamp(low, high) * row["advantages"])
        loss -= gain[row["weights"] != 0].sum()
    return loss


def dpo(logprobs, rows, config):
    beta = config.get("dpo_beta", 0.1)
    masks = [row["weights"] != 0 for row in rows]
    sums = torch.stack([logprob[mask].sum() for logprob, mask in zip(logprobs, masks)])
    references = torch.stack([row["refLogprobs"][mask].double().sum() for row, mask in zip(rows, masks)])
    chosen, rejected = (beta * (sums - references)).view(-1, 2).T
    margin = chosen - rejected
    losses = {
        "sigmoid": lambda: -F.logsigmoid(margin),
        "hinge": lambda: (1 - margin).relu(),
        "ipo": lambda: (margin - 1 / (2 * beta)) ** 2,
        "kto_pair": lambda: 1 - chosen.sigmoid() + rejected.sigmoid(),
    }[config.get("dpo_loss_type", "sigmoid")]()
    chosen_logprobs = torch.cat([logprob[mask] for logprob, mask in list(zip(logprobs, masks))[0::2]])
    return losses.mean() - config.get("dpo_sft_weight", 0) * chosen_logprobs.mean()


LOSSES = dict(cross_entropy=cross_entropy, importance_sampling=importance_sampling, ppo=ppo, dpo=dpo)


def loss_name(case):
    return next(name for name in LOSSES if case.startswith(name))


def adapter_parameters(model):
    """The trainable tensors under the names that PEFT saves them by."""
    return {n.replace(".default", ""): p for n, p in model.named_parameters() if p.requires_grad}


def run_cases(model, rows):
    """Loss and gradients of every case."""
    losses, gradients = {}, {}
    for case, config in CASES.items():
        model.zero_grad()
        loss = LOSSES[loss_name(case)](all_logprobs(model, rows), rows, config)
        loss.backward()
        losses[case] = {"loss": loss_name(case), "config": config, "value": loss.item()}
        for name, parameter in adapter_parameters(model).items():
            gradients[f"{case}/{name}"] = parameter.grad.float().contiguous()
    return losses, gradients


def run_curve(model, rows):
    """Training on the batch, every weight taken as positive, with AdamW and clipping."""
    rows = [{**row, "weights": row["weights"].abs()} for row in rows]
    parameters = list(adapter_parameters(model).values())
    optimizer = torch.optim.AdamW(
        parameters,
        lr=ADAM["learningRate"],
        betas=(ADAM["beta1"], ADAM["beta2"]),
        eps=ADAM["eps"],
        weight_decay=ADAM["weightDecay"],
    )
    losses, norms = [], []
    for _ in range(STEPS):
        optimizer.zero_grad()
        loss = cross_entropy(all_logprobs(model, rows), rows, {})
        loss.backward()
        norms.append(torch.nn.utils.clip_grad_norm_(parameters, ADAM["gradClipNorm"]).item())
        optimizer.step()
        losses.append(loss.item())
    return {"adam": ADAM, "losses": losses, "gradNorms": norms}


def plain(values):
    return [value.tolist() for value in values]


def make(model_type, folder):
    generator = torch.Generator().manual_seed(sum(model_type.encode()))
    config = AutoConfig.for_model(model_type, **{**SHAPE, **MODELS[model_type]})
    random = AutoModelForCausalLM.from_config(config, dtype=torch.float32)
    fill(random, generator)
    random.bfloat16().save_pretrained(folder)
    base = AutoModelForCausalLM.from_pretrained(
        folder, attn_implementation="eager", dtype=torch.float32
    )
    base.name_or_path = f"golden/{model_type}"
    model = get_peft_model(base, LoraConfig(task_type="CAUSAL_LM", **LORA))
    for parameter in adapter_parameters(model).values():
        with torch.no_grad():
            parameter.uniform_(-0.15, 0.15, generator=generator)
    model.save_pretrained(os.path.join(folder, "adapter"))
    os.remove(os.path.join(folder, "adapter", "README.md"))
    os.remove(os.path.join(folder, "generation_config.json"))

    model.double().eval()
    rows = make_batch(generator)
    with torch.no_grad():
        logprobs = all_logprobs(model, rows)
        with model.disable_adapter():
            base_logprobs = all_logprobs(model, rows)
    for row, own, reference in zip(rows, logprobs, base_logprobs):
        # Log ratios on both sides of both clipping bounds, and none of them on a bound.
        offset = torch.tensor([0.35, -0.3, 0.04, -0.03, 0.01])[torch.arange(len(own)) % 5]
        row["oldLogprobs"] = (own - offset).float()
        row["advantages"] = torch.empty(len(own)).uniform_(-1, 1, generator=generator)
        row["refLogprobs"] = reference.float()
    losses, gradients = run_cases(model, rows)
    golden = {
        "rows": [{name: values.tolist() for name, values in row.items()} for row in rows],
        "logprobs": plain(logprobs),
        "baseLogprobs": plain(base_logprobs),
        "cases": losses,
        "curve": run_curve(model, rows),
    }
    save_file(gradients, os.path.join(folder, "gradients.safetensors"))
    with open(os.path.join(folder, "golden.json"), "w") as file:
        json.dump(golden, file)


if __name__ == "__main__":
    target = sys.argv[1] if len(sys.argv) > 1 else os.path.dirname(os.path.abspath(__file__))
    torch.use_deterministic_algorithms(True)
    for name in MODELS:
        make(name, os.path.join(target, name))
