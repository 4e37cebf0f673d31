import { expect, test } from "vitest";
import { aRun, numberedRows } from "@/lib/testing/run-builders";
import type { StepPoint } from "@/lib/training/types";
import type { RunUpdate } from "@/lib/workers/hosts";
import { applyUpdate, isDriven, type LiveRun } from "./live-run-updates";

const record = aRun(numberedRows(4));
const point = (step: number): StepPoint => ({
  step,
  loss: 1,
  learningRate: 0.1,
  gradNorm: null,
  tokens: 1,
  tokensPerSecond: null,
  at: step,
});

function anUpdate(update: Partial<RunUpdate> = {}): RunUpdate {
  return {
    key: "run",
    record,
    activity: { code: "idle", since: 0 },
    connection: { lastAcknowledgedAt: null, lastHeartbeatAt: null, queueState: null, retries: 0 },
    isDriver: true,
    addedSteps: [],
    addedValidations: [],
    addedLog: [],
    isWhole: false,
    ...update,
  };
}

const stepsOf = (runs: Record<string, LiveRun>) =>
  runs["run"]?.steps.points.map(({ step }) => step);

test("a whole update replaces what was known; others add to it in place and say so by the version", () => {
  const first = applyUpdate({}, anUpdate({ isWhole: true, addedSteps: [point(1), point(2)] }));
  const second = applyUpdate(first, anUpdate({ addedSteps: [point(3)] }));
  expect(stepsOf(second)).toEqual([1, 2, 3]);
  expect(second["run"]?.steps.points).toBe(first["run"]?.steps.points);
  expect(second["run"]?.steps.version).toBe((first["run"]?.steps.version ?? 0) + 1);
  const third = applyUpdate(second, anUpdate({ isWhole: true, addedSteps: [point(1)] }));
  expect(stepsOf(third)).toEqual([1]);
  expect(third["run"]?.steps.version).toBeGreaterThan(second["run"]?.steps.version ?? 0);
});

test("what an update does not add to stays the same object", () => {
  const first = applyUpdate({}, anUpdate({ isWhole: true, addedSteps: [point(1)] }));
  const second = applyUpdate(first, anUpdate());
  expect(second["run"]?.steps).toBe(first["run"]?.steps);
  expect(second["run"]?.log).toBe(first["run"]?.log);
});

test("keeps the newest 500 lines of the log", () => {
  const line = (at: number) => ({ at, level: "info" as const, code: "request", params: {} });
  const lines = Array.from({ length: 600 }, (_, at) => line(at));
  const { run } = applyUpdate(
    applyUpdate({}, anUpdate({ isWhole: true, addedLog: lines })),
    anUpdate({ addedLog: [line(600)] }),
  );
  expect(run?.log).toHaveLength(500);
  expect(run?.log.at(-1)?.at).toBe(600);
});

test.each([
  ["training", true],
  ["waiting", true],
  ["paused", false],
  ["interrupted", false],
  ["done", false],
] as const)("a run that is %s counts as driven: %s", (status, expected) => {
  const { run } = applyUpdate({}, anUpdate({ isWhole: true, record: { ...record, status } }));
  expect(run && isDriven(run)).toBe(expected);
});
