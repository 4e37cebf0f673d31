"""The other side of the engine's bench: PyTorch, transformers and PEFT, one JSON request a line in, one answer a line out.

Times are taken here, around the work alone.
"""
import json
import sys
import time

import torch
from peft import LoraConfig, get_peft_model
from transformers import AutoModelForCausalLM, GenerationConfig
from transformers.utils import logging

MATRICES = "q_proj k_proj v_proj o_proj gate_proj up_proj down_proj".split()
LEARNING_RATE = 1e-4


def timed(work):
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1000


class Peer:
    """One model with one adapter in training, or without for decoding."""

    def open(self, model, threads, rank):
        torch.set_num_threads(threads)
        self.model = AutoModelForCausalLM.from_pretrained(model, dtype=torch.float32)
        if rank:
            lora = LoraConfig(task_type="CAUSAL_LM", r=rank, lora_alpha=32, target_modules=MATRICES)
            self.model = get_peft_model(self.model, lora)
            trained = [p for p in self.model.parameters() if p.requires_grad]
            self.optimizer = torch.optim.AdamW(trained, lr=LEARNING_RATE, weight_decay=0, fused=True)
        self.model.train(bool(rank))
        return {}

    def train(self, rows, steps):
        batch = torch.tensor(rows)

        def step():
            logits = self.model(input_ids=batch[:, :-1]).logits
            loss = torch.nn.functional.cross_entropy(logits.flatten(0, 1), batch[:, 1:].flatten())
            loss.backward()
            self.optimizer.step()
            self.optimizer.zero_grad()
            self.loss = loss.item()

        ms = timed(lambda: [step() for _ in range(steps)])
        return {"ms": ms / steps, "loss": self.loss}

    def generate(self, prompt, count):
        """Greedy decoding of exactly `count` tokens."""
        ids = torch.tensor([prompt])
        rules = GenerationConfig(
            do_sample=False, min_new_tokens=count, max_new_tokens=count, pad_token_id=0
        )
        with torch.inference_mode():
            ms = timed(
                lambda: self.model.generate(
                    ids, attention_mask=torch.ones_like(ids), generation_config=rules
                )
            )
        return {"ms": ms}


logging.set_verbosity_error()
logging.disable_progress_bar()
peer = Peer()
for line in sys.stdin:
    request = json.loads(line)
    answer = getattr(peer, request.pop("do"))(**request)
    print(json.dumps(answer), flush=True)
