import { expect, test } from "vitest";
import { defaultRunConfig } from "@/lib/training/defaults";
import { runOutlook } from "./run-outlook";

const config = defaultRunConfig({
  dataset: { id: "d", name: "d", sampleKind: "chat" },
  rowCount: 100,
  longestRow: 90,
  baseModel: "toy",
  hiddenSize: 160,
  maxPositions: 512,
});

test("the curve runs from the first step to the last, and peaks at the learning rate", () => {
  const { curve } = runOutlook(config, 1000);
  expect(curve.at(0)?.step).toBe(1);
  expect(curve.at(-1)?.step).toBe(1000);
  expect(curve).toHaveLength(120);
  expect(Math.max(...curve.map(({ rate }) => rate))).toBeCloseTo(config.learningRate, 4);
});

test("a run without steps has no curve and no checkpoint", () => {
  expect(runOutlook(config, 0)).toMatchObject({ curve: [], checkpoints: 0 });
  expect(runOutlook(config, 1).curve).toHaveLength(1);
});

test("checkpoints are counted by epoch, or by steps with the last one at the end", () => {
  expect(runOutlook({ ...config, epochs: 3 }, 39).checkpoints).toBe(3);
  expect(runOutlook({ ...config, saveEvery: { unit: "steps", steps: 10 } }, 39).checkpoints).toBe(
    4,
  );
});

test("long batches may need more requests than two a step", () => {
  expect(runOutlook(config, 39)).toMatchObject({ requests: 78, mayNeedMore: false });
  expect(runOutlook({ ...config, maxLength: 4096 }, 39).mayNeedMore).toBe(true);
});
