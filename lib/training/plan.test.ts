import fc from "fast-check";
import { expect, test } from "vitest";
import { aConfig } from "@/lib/testing/run-builders";
import { batchesOf } from "./batches";
import { planRun } from "./plan";
import { learningRateAt } from "./schedule";

const rows = (...lengths: number[]) => ({
  lengths,
  trained: lengths.map((length) => Math.max(0, length - 1)),
});

test("counts steps and tokens over all epochs, also where the rows are no multiple of the batch size", () => {
  const plan = planRun(aConfig({ epochs: 3, batchSize: 2 }), rows(10, 20, 30, 40, 50));
  expect(plan).toMatchObject({
    stepsPerEpoch: 3,
    totalSteps: 9,
    totalTokens: 450,
    totalTrainedTokens: 435,
  });
});

test("drops or cuts what is too long, and leaves out what trains nothing", () => {
  const lengths = [10, 100, 1];
  const dropped = planRun(aConfig({ maxLength: 64, overLength: "drop" }), rows(...lengths));
  expect(dropped).toMatchObject({ trainRows: [0], droppedRows: 2, cutRows: 0 });
  const cut = planRun(
    aConfig({ maxLength: 64, overLength: "cut_start", epochs: 1 }),
    rows(...lengths),
  );
  expect(cut).toMatchObject({ trainRows: [0, 1], droppedRows: 1, cutRows: 1, totalTokens: 74 });
  expect(planRun(aConfig(), { lengths: [9], trained: [0] }).trainRows).toEqual([]);
});

test("keeps the same rows for validation whatever else changes, and none twice", () => {
  const config = aConfig({ validationShare: 0.25, maxLength: 100 });
  const plan = planRun(config, rows(...Array<number>(40).fill(10)));
  const other = planRun(
    { ...config, epochs: 9, batchSize: 7 },
    rows(...Array<number>(40).fill(10)),
  );
  expect(plan.validationRows).toHaveLength(10);
  expect(other.validationRows).toEqual(plan.validationRows);
  expect([...plan.trainRows, ...plan.validationRows].sort((a, b) => a - b)).toEqual(
    Array.from({ length: 40 }, (_, row) => row),
  );
  expect(
    planRun({ ...config, seed: 8 }, rows(...Array<number>(40).fill(10))).validationRows,
  ).not.toEqual(plan.validationRows);
});

test("a single row is trained, not validated", () => {
  expect(planRun(aConfig({ validationShare: 0.5 }), rows(10))).toMatchObject({
    trainRows: [0],
    validationRows: [],
  });
});

test("each epoch holds every row once, in an order that depends on seed and epoch alone", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 30 }),
      fc.integer({ min: 1, max: 8 }),
      fc.nat(),
      (count, batchSize, seed) => {
        const config = aConfig({ batchSize, seed, epochs: 2 });
        const plan = planRun(config, rows(...Array<number>(count).fill(10)));
        const forwards = batchesOf(config, plan);
        const batches = Array.from({ length: plan.totalSteps }, (_, step) => forwards(step));
        for (const epoch of [0, 1]) {
          const seen = batches
            .slice(epoch * plan.stepsPerEpoch, (epoch + 1) * plan.stepsPerEpoch)
            .flat();
          expect(seen.sort((a, b) => a - b)).toEqual(plan.trainRows);
        }
        const sizes = batches.map((batch) => batch.length);
        expect(Math.max(...sizes)).toBeLessThanOrEqual(batchSize);
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
        const backwards = batchesOf(config, plan);
        for (let step = plan.totalSteps - 1; step >= 0; step--)
          expect(backwards(step)).toEqual(batches[step]);
      },
    ),
  );
});

test.each([
  ["constant", [0.5, 1, 1, 1, 1]],
  ["linear", [0.5, 1, 1, 0.75, 0.5]],
  ["cosine", [0.5, 1, 1, 0.853553, 0.5]],
] as const)("the %s schedule warms up and then follows its curve", (schedule, expected) => {
  const config = { learningRate: 1, schedule, warmupSteps: 2 };
  const rates = [0, 1, 2, 3, 4].map((step) => learningRateAt(config, step, 6));
  expect(rates).toEqual(expected.map((rate) => expect.closeTo(rate, 5) as unknown));
});

test("a run shorter than its warm-up only rises", () => {
  const config = { learningRate: 1, schedule: "cosine", warmupSteps: 10 } as const;
  expect([0, 4].map((step) => learningRateAt(config, step, 5))).toEqual([0.1, 0.5]);
});
