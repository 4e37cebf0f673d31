import { datasetWords, shellWord } from "./as-command";
import { CALL_LIMIT } from "./datum";
import type { RunConfig } from "./types";

/**
 * A script for the official SDK that repeats a run: the same tokens, split, order, learning rates and checkpoints. It reads
 * the tokens from a file that the studio's `data --dump` writes, and the token of the server from TWINKLE_TOKEN.
 */
export function pythonOf(config: RunConfig, { serverUrl }: { serverUrl: string }): string {
  return `${headOf(config, serverUrl)}
${SDK}

${constantsOf(config, serverUrl)}


${BODY}`;
}

function headOf({ name, datasetName, baseModel }: RunConfig, serverUrl: string): string {
  const dump = [
    `npm run -s studio -- data ${datasetWords(datasetName)} --dump tokens.jsonl`,
    `--tokenizer ${shellWord(baseModel)} --server ${shellWord(serverUrl)}`,
  ].map(inDocstring);
  return `"""${inDocstring(name)}: the run of Twinkle Studio, with the official SDK.

    ${dump[0]} \\\\
        ${dump[1]}
    pip install tinker==0.16.1        # for Twinkle Server twinkle-kit==0.5.1 too
    TWINKLE_TOKEN=... python run.py tokens.jsonl

The first line writes the tokens with their weights, as the studio trains them.
"""`;
}

function constantsOf(config: RunConfig, serverUrl: string): string {
  const { saveEvery, startFrom } = config;
  return [
    ["SERVER", inQuotes(serverUrl)],
    ["BASE_MODEL", inQuotes(config.baseModel)],
    ["RANK", config.loraRank],
    ["SEED", config.seed],
    ["EPOCHS", config.epochs],
    ["BATCH_SIZE", config.batchSize],
    ["LEARNING_RATE", config.learningRate],
    ["SCHEDULE", inQuotes(config.schedule)],
    ["WARMUP_STEPS", config.warmupSteps],
    ["WEIGHT_DECAY", config.weightDecay],
    ["GRAD_CLIP_NORM", config.gradClipNorm],
    ["MAX_LENGTH", config.maxLength],
    ["CUT_LONG_ROWS", config.overLength === "cut_start" ? "True" : "False"],
    ["VALIDATION_SHARE", config.validationShare],
    ["MOST_TOKENS_A_CALL", CALL_LIMIT],
    ["SAVE_EVERY", saveEvery.unit === "steps" ? saveEvery.steps : "None  # an epoch"],
    ["START_FROM", startFrom ? inQuotes(startFrom.path) : "None"],
    ["WITH_OPTIMIZER", startFrom?.optimizer ? "True" : "False"],
  ]
    .map(([name, value]) => `${name} = ${value}`)
    .join("\n");
}

/** JSON's escapes are Python's too. */
function inQuotes(text: string): string {
  return JSON.stringify(text);
}

function inDocstring(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll('"', "'");
}

const SDK = `import json
import math
import os
import sys

try:  # Twinkle Server wants headers of its own; other servers need nothing.
    from twinkle import init_tinker_client
except ImportError:
    pass
else:
    init_tinker_client()

from tinker import ServiceClient, types`;

const BODY = `def seeded_random(seed):
    """Mulberry32, as the studio draws."""
    state = seed & 0xFFFFFFFF
    while True:
        state = (state + 0x6D2B79F5) & 0xFFFFFFFF
        t = (state ^ (state >> 15)) * (1 | state) & 0xFFFFFFFF
        t ^= (t + ((t ^ (t >> 7)) * (61 | t) & 0xFFFFFFFF)) & 0xFFFFFFFF
        yield (t ^ (t >> 14)) / 4294967296


def shuffled(items, seed):
    items, draws = list(items), seeded_random(seed)
    for i in range(len(items) - 1, 0, -1):
        j = int(next(draws) * (i + 1))
        items[i], items[j] = items[j], items[i]
    return items


def usable_rows(file):
    for line in open(file):
        row = json.loads(line)
        tokens, weights = row["tokens"], row["weights"]
        is_too_long = len(tokens) > MAX_LENGTH and not CUT_LONG_ROWS
        if len(tokens) >= 2 and any(weights) and not is_too_long:
            yield tokens[-MAX_LENGTH:], weights[-MAX_LENGTH:]


def split(rows):
    wanted = max(1, math.floor(len(rows) * VALIDATION_SHARE + 0.5)) if VALIDATION_SHARE else 0
    count = min(wanted, max(0, len(rows) - 1))
    kept = set(shuffled(range(len(rows)), SEED ^ 0x5EED)[:count])
    numbers = range(len(rows))
    return [rows[i] for i in numbers if i not in kept], [rows[i] for i in numbers if i in kept]


def learning_rate(step, total):
    if step < WARMUP_STEPS:
        return LEARNING_RATE * (step + 1) / WARMUP_STEPS
    done = (step - WARMUP_STEPS) / max(1, total - WARMUP_STEPS)
    share = {"constant": 1, "linear": 1 - done, "cosine": 0.5 * (1 + math.cos(math.pi * done))}
    return LEARNING_RATE * share[SCHEDULE]


def datum(row):
    tokens, weights = row
    return types.Datum(
        model_input=types.ModelInput.from_ints(tokens[:-1]),
        loss_fn_inputs=dict(target_tokens=tokens[1:], weights=[float(w) for w in weights[1:]]),
    )


def in_calls(call, rows):
    """Sends rows in as many calls as a server's limit asks for; their gradients add up."""
    calls, tokens = [], MOST_TOKENS_A_CALL
    for row in rows:
        if tokens + len(row[0]) > MOST_TOKENS_A_CALL:
            calls.append([])
            tokens = 0
        calls[-1].append(row)
        tokens += len(row[0])
    return [(call([datum(row) for row in part], "cross_entropy"), part) for part in calls]


def mean_loss(calls):
    """Nats per trained token, from the logprobs."""
    nats = trained = 0
    for future, rows in calls:
        for output, (_, weights) in zip(future.result().loss_fn_outputs, rows):
            for logprob, weight in zip(output["logprobs"].tolist(), weights[1:]):
                nats -= logprob if weight else 0
                trained += weight
    return nats / trained


def open_client():
    service = ServiceClient(base_url=SERVER, api_key=os.environ.get("TWINKLE_TOKEN", "EMPTY_TOKEN"))
    if START_FROM is None:
        return service.create_lora_training_client(base_model=BASE_MODEL, rank=RANK, seed=SEED)
    if WITH_OPTIMIZER:
        return service.create_training_client_from_state_with_optimizer(START_FROM)
    return service.create_training_client_from_state(START_FROM)


def main():
    rows, validation = split(list(usable_rows(sys.argv[1])))
    steps_per_epoch = math.ceil(len(rows) / BATCH_SIZE)
    total = steps_per_epoch * EPOCHS
    client = open_client()
    for step in range(total):
        epoch, in_epoch = divmod(step, steps_per_epoch)
        order = shuffled(rows, (SEED * 0x9E3779B1) ^ ((epoch + 1) * 0x85EBCA6B))
        begin, end = (part * len(rows) // steps_per_epoch for part in (in_epoch, in_epoch + 1))
        batch = order[begin:end]
        gradients = in_calls(client.forward_backward, batch)
        adam = types.AdamParams(
            learning_rate=learning_rate(step, total),
            beta1=0.9,
            beta2=0.95,
            eps=1e-8,
            weight_decay=WEIGHT_DECAY,
            grad_clip_norm=GRAD_CLIP_NORM,
        )
        update = client.optim_step(adam)
        loss = mean_loss(gradients)
        update.result()
        print(f"step {step + 1} of {total}, loss {loss:.6f}", flush=True)
        if (step + 1) % (SAVE_EVERY or steps_per_epoch) == 0 or step + 1 == total:
            ends_epoch = (step + 1) % steps_per_epoch == 0
            name = f"epoch-{epoch + 1}-" if ends_epoch else ""
            print(client.save_state(f"{name}step-{step + 1:06d}").result().path)
    if validation:
        print(f"validation loss {mean_loss(in_calls(client.forward, validation[:64])):.6f}")


if __name__ == "__main__":
    main()
`;
