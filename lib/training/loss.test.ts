import { expect, test } from "vitest";
import { toldLoss } from "./loss";

test.each<[string, Record<string, number>, number | null]>([
  ["a mean", { "loss:avg": 2, iters: 1 }, 2],
  ["a sum over the trained tokens", { "loss:sum": 20 }, 2],
  ["no loss", { grad_norm: 1 }, null],
])("metrics that tell %s", (_, metrics, loss) => {
  expect(toldLoss(metrics, 10)).toBe(loss);
});
