import { join } from "node:path";

import { expect, test } from "vitest";

import { Engine } from "./engine";
import { SafetensorsReader } from "./safetensors";
import { referenceLogprobs } from "./testing/reference-decoder";
import {
  aModelDirectory,
  aRow,
  aSample,
  randomised,
  REVEAL_GRADIENTS,
  TINY_CONFIG,
  TINY_QWEN3,
} from "./testing/tiny-model";

const LLAMA = {
  ...TINY_CONFIG,
  ...{
    model_type: "llama",
    tie_word_embeddings: false,
    head_dim: 16,
    rope_theta: 500,
    rms_norm_eps: 1e-5,
  },
};

function allTensors(directory: string): Map<string, Float32Array> {
  const reader = new SafetensorsReader(join(directory, "model.safetensors"));
  const tensors = new Map<string, Float32Array>();
  for (const [name, { shape }] of reader.tensors) {
    const values = new Float32Array(shape.reduce((product, size) => product * size, 1));
    reader.read(name, values);
    tensors.set(name, values);
  }
  reader.close();
  return tensors;
}

test.each([
  ["Qwen2", TINY_CONFIG],
  ["Qwen3", TINY_QWEN3],
  ["Llama", LLAMA],
])("a %s model with an adapter agrees with a plain reference in 64 bits", async (_, config) => {
  const directory = aModelDirectory(config);
  const engine = await Engine.open(directory, { threads: 1 });
  await engine.createAdapter("a", { rank: 3, alpha: 12, seed: 1 });
  const adapter = randomised(engine.exportAdapter("a").weights, 4);
  engine.importAdapter("a", adapter, null);
  const row = { ...aRow(19, 6), weights: new Float32Array(19).fill(1) };
  const actual = await engine.forward("a", [row], "cross_entropy");
  const reference = referenceLogprobs(
    engine.config,
    allTensors(directory),
    adapter,
    [...row.tokens],
    [...row.targets],
  );
  await engine.close();
  reference.forEach((logprob, t) => expect(actual.logprobs[0]![t]).toBeCloseTo(logprob, 4));
});

test.each([
  ["Qwen2", TINY_CONFIG],
  ["Qwen3", TINY_QWEN3],
  ["Llama", LLAMA],
])("a %s model gives the same results from bfloat16 panels, from shards too", async (_, config) => {
  const results = [];
  for (const isCompact of [false, true]) {
    const directory = aModelDirectory(config, { dtype: "BF16", shards: isCompact ? 3 : 1 });
    const engine = await Engine.open(directory, { threads: 1, isCompact });
    await engine.createAdapter("a", { rank: 3, alpha: 12, seed: 1 });
    engine.importAdapter("a", randomised(engine.exportAdapter("a").weights, 4), null);
    const rows = [aRow(45, 6), aRow(8, 7)];
    const { logprobs } = await engine.forwardBackward("a", rows, "cross_entropy");
    await engine.optimStep("a", REVEAL_GRADIENTS);
    const gradients = engine.exportAdapter("a").optimizer.firstMoment;
    results.push([...logprobs.map((values, row) => [`row ${row}`, values] as const), ...gradients]);
    await engine.close();
  }
  const [plain, compact] = results.map((tensors) => new Map(tensors));
  for (const [name, values] of plain!) {
    values.forEach((value, index) => expect(compact!.get(name)![index]).toBeCloseTo(value, 5));
  }
});

test.each([true, false])(
  "sampling with norms on the heads sees the probabilities that training sees (bfloat16 %s)",
  async (isCompact) => {
    const directory = aModelDirectory(TINY_QWEN3);
    const engine = await Engine.open(directory, { threads: 1, isCompact });
    const tokens = aRow(40, 3).tokens;
    const targets = Int32Array.from(tokens, (_, t) => tokens[t + 1] ?? 0);
    const row = { tokens, targets, weights: new Float32Array(40).fill(1) };
    const trained = await engine.forward(null, [row], "cross_entropy");
    const request = aSample({ prompt: tokens, maxTokens: 1, promptLogprobs: true });
    const { signal } = new AbortController();
    const { promptLogprobs } = await engine.sample(request, { signal });
    await engine.close();
    promptLogprobs!.slice(1).forEach((logprob, t) => {
      expect(logprob).toBeCloseTo(trained.logprobs[0]![t]!, 4);
    });
  },
);
