import { existsSync, readFileSync, statSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";

import { Tokenizer } from "@huggingface/tokenizers";
import { afterAll, beforeAll, expect, test } from "vitest";

import { Engine } from "@/lib/server/engine/engine";

import { SMOLLM2_GREEDY, SMOLLM2_LICENSE_NLL } from "./smollm2-reference";

const ADAM = {
  ...{ learningRate: 2e-3, beta1: 0.9, beta2: 0.95, eps: 1e-8 },
  ...{ weightDecay: 0, gradClipNorm: 1 },
};

const folder = findFolder();
let engine: Engine;

beforeAll(async () => {
  engine = await Engine.open(folder);
});

afterAll(() => engine.close());

function findFolder(): string {
  const cache = process.env["XDG_CACHE_HOME"] ?? path.join(homedir(), ".cache");
  const candidates = [
    path.join(cache, "twinkle-studio", "models", "HuggingFaceTB", "SmolLM2-135M-Instruct"),
    path.join(cache, "twinkle-studio", "smollm2-135m-instruct"),
  ];
  const found = candidates.find((candidate) => existsSync(path.join(candidate, "config.json")));
  if (!found)
    throw new Error("Run `node e2e/models/setup.mjs` first: it makes the model's folder.");
  return found;
}

function tokenizer(): Tokenizer {
  const read = (name: string): object =>
    JSON.parse(readFileSync(path.join(folder, name), "utf8")) as object;
  return new Tokenizer(read("tokenizer.json"), read("tokenizer_config.json"));
}

/** A row that scores every token but the first. */
function textRow(ids: readonly number[]) {
  return {
    tokens: Int32Array.from(ids.slice(0, -1)),
    targets: Int32Array.from(ids.slice(1)),
    weights: new Float32Array(ids.length - 1).fill(1),
  };
}

test("the memory after loading stays under 2.2 times the weights' file", () => {
  const fileBytes = statSync(path.join(folder, "model.safetensors")).size;
  expect(engine.memoryBytes()).toBeLessThan(2.2 * fileBytes);
  expect(engine.memoryBytes()).toBeGreaterThan(fileBytes);
});

test.each(SMOLLM2_GREEDY)("greedy answer to $text", async ({ text, answer, logprobs }) => {
  const { signal } = new AbortController();
  const prompt = Int32Array.from(tokenizer().encode(text, { add_special_tokens: false }).ids);
  const { sequences } = await engine.sample(
    {
      ...{ adapter: null, prompt, maxTokens: answer.length, stopTokens: [] },
      ...{ temperature: 0, topP: 1, topK: 0, seed: 1 },
    },
    { signal },
  );
  expect(sequences[0]!.tokens).toEqual(answer);
  sequences[0]!.logprobs.forEach((logprob, index) => {
    expect(Math.abs(logprob - logprobs[index]!)).toBeLessThan(1e-3);
  });
});

test.each(SMOLLM2_LICENSE_NLL)(
  "mean negative log-likelihood of the license's first $length tokens",
  async ({ length, nll }) => {
    const text = readFileSync(path.join(folder, "LICENSE"), "utf8");
    const ids = tokenizer().encode(text, { add_special_tokens: false }).ids.slice(0, length);
    const { loss } = await engine.forward(null, [textRow(ids)], "cross_entropy");
    expect(Math.abs(loss - nll)).toBeLessThan(1e-3);
  },
);

test("an adapter learns a sentence", async () => {
  const { ids } = tokenizer().encode("The capital of Mars is called New Lisbon.", {
    add_special_tokens: false,
  });
  await engine.createAdapter("mars", { rank: 8, alpha: 16, seed: 1 });
  const losses: number[] = [];
  for (let step = 0; step < 6; step++) {
    losses.push((await engine.forwardBackward("mars", [textRow(ids)], "cross_entropy")).loss);
    await engine.optimStep("mars", ADAM);
  }
  engine.dropAdapter("mars");
  expect(losses.at(-1)).toBeLessThan(losses[0]! / 2);
});
