import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, expect, test } from "vitest";

import { Engine } from "./engine";
import { aModelDirectory, aRow, aSample, TINY_CONFIG } from "./testing/tiny-model";
import type { SampleRequest, TrainRow } from "./types";

const ADAM = {
  learningRate: 1e-2,
  beta1: 0.9,
  beta2: 0.95,
  eps: 1e-8,
  weightDecay: 0.01,
  gradClipNorm: 1,
};
const LORA = { rank: 4, alpha: 16, seed: 1 };

let engine: Engine;

beforeAll(async () => {
  engine = await Engine.open(aModelDirectory(), { threads: 2 });
});

afterAll(() => engine.close());

async function trainSteps(id: string, count: number): Promise<number[]> {
  const losses: number[] = [];
  for (let step = 0; step < count; step++) {
    losses.push(
      (await engine.forwardBackward(id, [aRow(20, 1), aRow(15, 2)], "cross_entropy")).loss,
    );
    await engine.optimStep(id, ADAM);
  }
  return losses;
}

test("a new adapter changes nothing and learns from its rows", async () => {
  await engine.createAdapter("new", LORA);
  const rows = [aRow(20, 1)];
  expect(await engine.forward("new", rows, "cross_entropy")).toEqual(
    await engine.forward(null, rows, "cross_entropy"),
  );
  const losses = await trainSteps("new", 30);
  expect(losses.at(-1)).toBeLessThan(losses[0]! / 2);
  engine.dropAdapter("new");
});

test("an exported adapter goes on exactly where it stopped", async () => {
  await engine.createAdapter("first", LORA);
  await trainSteps("first", 3);
  const { weights, optimizer } = engine.exportAdapter("first");
  await engine.createAdapter("second", { ...LORA, seed: 9 });
  engine.importAdapter("second", weights, optimizer);
  const rows = [aRow(20, 1)];
  expect(await engine.forward("second", rows, "cross_entropy")).toEqual(
    await engine.forward("first", rows, "cross_entropy"),
  );
  expect(await trainSteps("second", 3)).toEqual(await trainSteps("first", 3));
  expect(engine.exportAdapter("second")).toEqual(engine.exportAdapter("first"));
  expect(optimizer.step).toBe(3);
  expect([...weights.tensors.keys()]).toContain(
    "base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight",
  );
  for (const id of ["first", "second"]) engine.dropAdapter(id);
});

test("adapters on one base model do not disturb each other", async () => {
  await engine.createAdapter("a", LORA);
  await engine.createAdapter("b", LORA);
  const before = await engine.forward("b", [aRow(20, 1)], "cross_entropy");
  await trainSteps("a", 2);
  expect(await engine.forward("b", [aRow(20, 1)], "cross_entropy")).toEqual(before);
  for (const id of ["a", "b"]) engine.dropAdapter(id);
});

test("three hundred steps and dropped adapters leave no memory behind", async () => {
  const before = engine.memoryBytes();
  await engine.createAdapter("long", LORA);
  await trainSteps("long", 10);
  const [heapBytes, engineBytes] = [process.memoryUsage().rss, engine.memoryBytes()];
  await trainSteps("long", 290);
  expect(engine.memoryBytes()).toBe(engineBytes);
  expect(process.memoryUsage().rss - heapBytes).toBeLessThan(64e6);
  engine.dropAdapter("long");
  expect(engine.memoryBytes()).toBe(before);
});

test("an adapter dropped in the middle of a call is freed when the call ends", async () => {
  const dropAmidCall = async () => {
    await engine.createAdapter("gone", LORA);
    const call = engine.forwardBackward("gone", [aRow(40, 1)], "cross_entropy");
    engine.dropAdapter("gone");
    await call;
  };
  // The first time touches working memory, which stays.
  await dropAmidCall();
  const before = engine.memoryBytes();
  await dropAmidCall();
  expect(engine.memoryBytes()).toBe(before);
});

test("more rows than fit at once give the same loss as one after the other", async () => {
  const rows = Array.from({ length: 40 }, (_, index) => ({
    ...aRow(60, index),
    weights: new Float32Array(60).fill(1),
  }));
  const together = await engine.forward(null, rows, "cross_entropy");
  let sum = 0;
  for (const row of rows) sum += (await engine.forward(null, [row], "cross_entropy")).loss;
  expect(together.loss).toBeCloseTo(sum / rows.length, 4);
});

const badRows: [string, TrainRow[], RegExp][] = [
  ["no rows", [], /no rows/],
  ["an empty row", [aRow(0, 1)], /Row 0 is empty/],
  [
    "a token outside the vocabulary",
    [{ ...aRow(3, 1), tokens: Int32Array.of(1, 61, 2) }],
    /token 61/,
  ],
  ["a negative target", [{ ...aRow(3, 1), targets: Int32Array.of(1, -1, 2) }], /token -1/],
  [
    "targets of another length",
    [{ ...aRow(3, 1), targets: Int32Array.of(1) }],
    /have length 1; the tokens have length 3/,
  ],
  [
    "a weight that is not a number",
    [{ ...aRow(3, 1), weights: Float32Array.of(1, NaN, 1) }],
    /not a finite number/,
  ],
  ["a row that is too long", [aRow(97, 1)], /97 tokens.*at most 96/],
];

test.each(badRows)("training refuses %s with a clear message", async (_, rows, message) => {
  await expect(engine.forward(null, rows, "cross_entropy")).rejects.toThrow(message);
});

test("a policy loss refuses rows without advantages", async () => {
  await expect(engine.forward(null, [aRow(3, 1)], "ppo")).rejects.toThrow(
    /needs logprobs and advantages for ppo/,
  );
});

const badSamples: [string, Partial<SampleRequest>, RegExp][] = [
  ["an empty prompt", { prompt: new Int32Array(0) }, /prompt is empty/],
  ["a prompt without room for an answer", { prompt: aRow(96, 1).tokens }, /96 tokens/],
  ["a token outside the vocabulary", { prompt: Int32Array.of(99) }, /token 99/],
  ["a negative temperature", { temperature: -1 }, /temperature/],
  ["top-p 0", { topP: 0 }, /top_p/],
  ["an unknown adapter", { adapter: "nobody" }, /no adapter "nobody"/],
];

test.each(badSamples)("sampling refuses %s with a clear message", async (_, overrides, message) => {
  const { signal } = new AbortController();
  await expect(engine.sample(aSample(overrides), { signal })).rejects.toThrow(message);
});

test("adapters are refused with clear messages", async () => {
  await engine.createAdapter("strict", LORA);
  await expect(engine.createAdapter("strict", LORA)).rejects.toThrow(/already an adapter/);
  await expect(engine.createAdapter("wide", { ...LORA, rank: 65 })).rejects.toThrow(/rank must be/);
  await expect(engine.optimStep("strict", ADAM)).rejects.toThrow(/no accumulated gradients/);
  await expect(engine.optimStep("strict", { ...ADAM, learningRate: NaN })).rejects.toThrow(
    /learning rate/,
  );
  const { weights } = engine.exportAdapter("strict");
  expect(() => engine.importAdapter("strict", { ...weights, rank: 8 }, null)).toThrow(
    /rank 8; the adapter has rank 4/,
  );
  expect(() => engine.importAdapter("strict", { ...weights, tensors: new Map() }, null)).toThrow(
    /lack "base_model/,
  );
  engine.dropAdapter("strict");
});

test("a model directory that does not fit its config is refused", async () => {
  const directory = aModelDirectory({ ...TINY_CONFIG, intermediate_size: 56 });
  writeFileSync(join(directory, "config.json"), JSON.stringify(TINY_CONFIG));
  await expect(Engine.open(directory, { threads: 1 })).rejects.toThrow(
    /has shape \[56, 32\] where config.json asks for \[48, 32\]/,
  );
});

test("a missing weight file is refused", async () => {
  const directory = mkdtempSync(join(tmpdir(), "no-weights-"));
  writeFileSync(join(directory, "config.json"), JSON.stringify(TINY_CONFIG));
  await expect(Engine.open(directory, { threads: 1 })).rejects.toThrow(/model.safetensors/);
});

test("calls after closing are rejected", async () => {
  const closed = await Engine.open(aModelDirectory(), { threads: 1 });
  await closed.close();
  await expect(closed.forward(null, [aRow(3, 1)], "cross_entropy")).rejects.toThrow(/closed/);
});
