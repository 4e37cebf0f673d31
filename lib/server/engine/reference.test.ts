import { join } from "node:path";

import { expect, test } from "vitest";

import { Engine } from "./engine";
import { SafetensorsReader } from "./safetensors";
import { referenceLogprobs } from "./testing/reference-decoder";
import {
  aModelDirectory,
  aRow,
  randomised,
  REVEAL_GRADIENTS,
  TINY_CONFIG,
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

test("weights kept once give the same gradients as weights kept twice", async () => {
  const directory = aModelDirectory(LLAMA);
  const gradients = [];
  for (const isCompact of [false, true]) {
    const engine = await Engine.open(directory, { threads: 1, isCompact });
    await engine.createAdapter("a", { rank: 3, alpha: 12, seed: 1 });
    engine.importAdapter("a", randomised(engine.exportAdapter("a").weights, 4), null);
    await engine.forwardBackward("a", [aRow(19, 6), aRow(8, 7)], "cross_entropy");
    await engine.optimStep("a", REVEAL_GRADIENTS);
    gradients.push(engine.exportAdapter("a").optimizer.firstMoment);
    await engine.close();
  }
  const [twice, once] = gradients;
  for (const [name, values] of twice!) {
    values.forEach((value, index) => expect(once!.get(name)![index]).toBeCloseTo(value, 5));
  }
});
