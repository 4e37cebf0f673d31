import { expect, test } from "vitest";
import { DEFAULT_DRAFT, HARDWARE, planOf, type PlanDraft } from "./plan-draft";

function problemsOf(changes: Partial<PlanDraft>): string[] {
  return planOf({ ...DEFAULT_DRAFT, ...changes }).problems.map(({ field }) => field);
}

test("what the form begins with gives a server on every hardware", () => {
  for (const hardware of HARDWARE) expect(problemsOf({ hardware })).toEqual([]);
});

test("GPUs of the sampler follow those of the machine until they are typed", () => {
  expect(planOf({ ...DEFAULT_DRAFT, gpus: "4" }).plan.samplerGpus).toBe(2);
  expect(planOf({ ...DEFAULT_DRAFT, gpus: "4", samplerGpus: "1" }).plan.samplerGpus).toBe(1);
});

test("a field that a choice hides stands against nothing", () => {
  const odd = { gpus: "3", tensorParallel: "2", machines: "2", maxRank: "x", samplerGpus: "9" };
  expect(problemsOf({ ...odd, hardware: "cpu" })).toEqual([]);
  expect(problemsOf({ ...odd, sampler: "none", headAddress: "10.0.0.5" })).toEqual([]);
  expect(problemsOf({ ...odd, backend: "megatron", sampler: "none", machines: "1" })).toEqual([
    "tensorParallel",
  ]);
});

test("no number, and no GPU, are said at their field", () => {
  expect(problemsOf({ gpus: "" })).toContain("gpus");
  expect(problemsOf({ gpus: "0" })).toEqual(["gpus"]);
  expect(problemsOf({ maxLoras: "two" })).toEqual(["maxLoras"]);
});
