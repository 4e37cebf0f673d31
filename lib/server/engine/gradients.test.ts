import { afterAll, beforeAll, expect, test } from "vitest";

import { Engine } from "./engine";
import {
  aModelDirectory,
  aRow,
  randomised,
  REVEAL_GRADIENTS,
  TINY_QWEN3,
} from "./testing/tiny-model";
import type { AdapterTensors, LossConfig, LossName, TrainRow } from "./types";

const STEP = 0.005;
const TOLERANCE = 0.03;

let engine: Engine;

beforeAll(async () => {
  engine = await Engine.open(aModelDirectory(), { threads: 2 });
});

afterAll(() => engine.close());

function moved(
  weights: AdapterTensors,
  name: string,
  direction: Float32Array,
  distance: number,
): AdapterTensors {
  const tensor = weights.tensors.get(name)!;
  const data = tensor.data.map((value, index) => value + distance * direction[index]!);
  return { ...weights, tensors: new Map(weights.tensors).set(name, { ...tensor, data }) };
}

/** The share of tensors whose gradient predicts how the loss changes along it. */
async function checkEveryTensor(
  rows: readonly TrainRow[],
  loss: LossName,
  lossConfig: LossConfig = {},
  model = engine,
): Promise<string[]> {
  const id = `check-${loss}`;
  await model.createAdapter(id, { rank: 5, alpha: 16, seed: 1 });
  const weights = randomised(model.exportAdapter(id).weights, 2);
  model.importAdapter(id, weights, null);
  await model.forwardBackward(id, rows, loss, lossConfig);
  await model.optimStep(id, REVEAL_GRADIENTS);
  const gradients = model.exportAdapter(id).optimizer.firstMoment;

  const mismatches: string[] = [];
  for (const [name, gradient] of gradients) {
    const norm = Math.hypot(...gradient);
    const direction = gradient.map((value) => value / norm);
    const losses: number[] = [];
    for (const distance of [STEP, -STEP]) {
      model.importAdapter(id, moved(weights, name, direction, distance), null);
      losses.push((await model.forward(id, rows, loss, lossConfig)).loss);
    }
    const slope = (losses[0]! - losses[1]!) / (2 * STEP);
    if (!(Math.abs(slope / norm - 1) < TOLERANCE))
      mismatches.push(`${name}: ${norm} against ${slope}`);
  }
  model.dropAdapter(id);
  expect(gradients.size).toBe(28);
  return mismatches;
}

/** Rows with all inputs; the old and reference log probabilities lie at a chosen ratio from the present ones. */
async function policyRows(ratios: readonly number[]): Promise<TrainRow[]> {
  const rows = [aRow(37, 1), aRow(21, 2)];
  const everywhere = rows.map((row) => ({ ...row, weights: row.weights.map(() => 1) }));
  await engine.createAdapter("old", { rank: 5, alpha: 16, seed: 1 });
  engine.importAdapter("old", randomised(engine.exportAdapter("old").weights, 2), null);
  const { logprobs } = await engine.forward("old", everywhere, "cross_entropy");
  engine.dropAdapter("old");
  return rows.map((row, index) => {
    const oldLogprobs = logprobs[index]!.map(
      (logprob, t) => logprob - Math.log(ratios[t % ratios.length]!),
    );
    const advantages = row.weights.map((_, t) => (t % 3 === 0 ? -0.1 : 0.08));
    return { ...row, oldLogprobs, advantages, refLogprobs: oldLogprobs };
  });
}

test("the gradient of every adapter tensor predicts the change of the cross entropy", async () => {
  expect(await checkEveryTensor([aRow(37, 1), aRow(21, 2), aRow(1, 3)], "cross_entropy")).toEqual(
    [],
  );
});

test.each([true, false])(
  "so it does below norms on the heads (bfloat16 weights %s)",
  async (isCompact) => {
    const qwen3 = await Engine.open(aModelDirectory(TINY_QWEN3), { threads: 1, isCompact });
    const rows = [aRow(37, 1), aRow(21, 2)];
    expect(await checkEveryTensor(rows, "cross_entropy", {}, qwen3)).toEqual([]);
    await qwen3.close();
  },
);

test("the gradient of every adapter tensor predicts the change of the importance sampling loss", async () => {
  expect(await checkEveryTensor(await policyRows([0.7, 1, 1.4]), "importance_sampling")).toEqual(
    [],
  );
});

test("the gradient of every adapter tensor predicts the change of the clipped policy loss", async () => {
  expect(await checkEveryTensor(await policyRows([0.5, 1, 1.6]), "ppo")).toEqual([]);
});

test("the gradient of every adapter tensor predicts the change of the cross entropy with weights of both signs", async () => {
  const rows = [aRow(37, 1), aRow(21, 2)].map((row) => ({
    ...row,
    weights: row.weights.map((weight, t) => (t % 4 === 0 ? -weight : weight)),
  }));
  expect(await checkEveryTensor(rows, "cross_entropy")).toEqual([]);
});

test.each(["sigmoid", "hinge", "ipo", "kto_pair"] as const)(
  "the gradient of every adapter tensor predicts the change of the preference loss %s",
  async (form) => {
    const config = { dpo_loss_type: form, dpo_beta: 0.2, dpo_sft_weight: 0.3 };
    expect(await checkEveryTensor(await policyRows([0.9, 1.2]), "dpo", config)).toEqual([]);
  },
);

test("gradients accumulate over calls until the optimizer step", async () => {
  const gradientAfter = async (calls: number) => {
    await engine.createAdapter("sum", { rank: 4, alpha: 16, seed: 1 });
    for (let call = 0; call < calls; call++)
      await engine.forwardBackward("sum", [aRow(9, 4)], "cross_entropy");
    const { gradNorm } = await engine.optimStep("sum", REVEAL_GRADIENTS);
    engine.dropAdapter("sum");
    return gradNorm;
  };
  expect((await gradientAfter(2)) / (await gradientAfter(1))).toBeCloseTo(2, 5);
});

test("a call whose weights are all 0 has loss 0 and adds no gradient", async () => {
  await engine.createAdapter("zero", { rank: 4, alpha: 16, seed: 1 });
  const row = { ...aRow(9, 4), weights: new Float32Array(9) };
  const result = await engine.forwardBackward("zero", [row], "cross_entropy");
  expect(result.loss).toBe(0);
  expect([...result.logprobs[0]!]).toEqual(Array(9).fill(0));
  expect(await engine.optimStep("zero", REVEAL_GRADIENTS)).toEqual({ gradNorm: 0 });
  engine.dropAdapter("zero");
});

test("the loss is the weighted mean over all rows of the call", async () => {
  const rows = [aRow(12, 5), aRow(7, 6)];
  const { loss, logprobs } = await engine.forward(null, rows, "cross_entropy");
  let [sum, weightSum] = [0, 0];
  for (const [index, { weights }] of rows.entries()) {
    for (const [t, weight] of weights.entries()) {
      sum -= weight * logprobs[index]![t]!;
      weightSum += weight;
    }
  }
  expect(loss).toBeCloseTo(sum / weightSum, 5);
});
