import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { Engine } from "../engine/engine";
import { REVEAL_GRADIENTS } from "../engine/testing/tiny-model";
import {
  GOLDEN_ALPHA,
  GOLDEN_MODELS,
  GOLDEN_RANK,
  goldenFolder,
  readGolden,
  readTensors,
} from "./golden";

const TOLERANCE = 1e-4;

const STORED = GOLDEN_MODELS.flatMap((model) => [
  { model, isCompact: false },
  { model, isCompact: true },
]);

describe.each(STORED)("$model, compact $isCompact, against PyTorch with PEFT", (stored) => {
  const { model, isCompact } = stored;
  const golden = readGolden(model);
  const adapter = {
    rank: GOLDEN_RANK,
    alpha: GOLDEN_ALPHA,
    tensors: readTensors(model, "adapter/adapter_model.safetensors"),
  };
  let engine: Engine;

  beforeAll(async () => {
    engine = await Engine.open(goldenFolder(model), { threads: 2, isCompact });
    await engine.createAdapter("golden", { rank: GOLDEN_RANK, alpha: GOLDEN_ALPHA, seed: 1 });
  });
  afterAll(() => engine.close());

  test("the adapter that PEFT saved has the names and shapes of ours", () => {
    const shapes = (tensors: typeof adapter.tensors) =>
      Object.fromEntries([...tensors].map(([name, { shape }]) => [name, shape]));
    const own = engine.exportAdapter("golden").weights;
    expect(shapes(own.tensors)).toEqual(shapes(adapter.tensors));
  });

  test.each([
    ["with the adapter", "golden", golden.logprobs],
    ["without it", null, golden.baseLogprobs],
  ])("log probabilities %s", async (_, id, expected) => {
    engine.importAdapter("golden", adapter, null);
    const rows = golden.rows.map((row) => ({ ...row, weights: row.weights.map(() => 1) }));
    const { logprobs } = await engine.forward(id, rows, "cross_entropy");
    for (const [index, row] of logprobs.entries())
      expect(distance(row, expected[index]!)).toBeLessThan(TOLERANCE);
  });

  test.each(Object.keys(golden.cases))("loss and gradients of %s", async (name) => {
    const { loss, config, value } = golden.cases[name]!;
    engine.importAdapter("golden", adapter, null);
    const forward = await engine.forward("golden", golden.rows, loss, config);
    const result = await engine.forwardBackward("golden", golden.rows, loss, config);
    expect(result.loss / value).toBeCloseTo(1, 4);
    expect(forward.loss).toBe(result.loss);
    await engine.optimStep("golden", REVEAL_GRADIENTS);
    const gradients = engine.exportAdapter("golden").optimizer.firstMoment;
    const expected = readTensors(model, "gradients.safetensors", `${name}/`);
    expect([...gradients.keys()]).toEqual(expect.arrayContaining([...expected.keys()]));
    for (const [tensor, { data }] of expected) {
      expect(distance(gradients.get(tensor)!, data), tensor).toBeLessThan(TOLERANCE);
    }
  });

  test("20 steps of AdamW with clipping", async () => {
    engine.importAdapter("golden", adapter, null);
    const rows = golden.rows.map((row) => ({ ...row, weights: row.weights.map(Math.abs) }));
    const { adam, losses, gradNorms } = golden.curve;
    for (const [step, expected] of losses.entries()) {
      const { loss } = await engine.forwardBackward("golden", rows, "cross_entropy");
      const { gradNorm } = await engine.optimStep("golden", adam);
      expect(loss / expected, `loss of step ${step}`).toBeCloseTo(1, 4);
      expect(gradNorm / gradNorms[step]!, `gradient norm of step ${step}`).toBeCloseTo(1, 3);
    }
  });
});

/** Length of the difference against the length of what is expected. */
function distance(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  const wanted = Array.from(expected);
  return (
    Math.hypot(...wanted.map((value, index) => value - actual[index]!)) / Math.hypot(...wanted)
  );
}
