import { expect, test } from "vitest";
import type { ErrorReport } from "@/lib/base/errors";
import { aRun, numberedRows } from "@/lib/testing/run-builders";
import type { FailureKind } from "./failures";
import { begin, reduce } from "./run-machine";
import { asSeen } from "./run-status";
import type { Effect, RunEvent, RunState, Work, WorkResult } from "./run-state";
import type { RunConfig, RunRecord } from "./types";

type Untimed<Event> = Event extends RunEvent ? Omit<Event, "at"> : never;

const error: ErrorReport = { code: "future_failed", message: "it broke", retryable: false };

/** A run that takes events one by one, a second apart, and remembers what it asked for. */
function aMachine(config: Partial<RunConfig> = {}, changes: Partial<RunRecord> = {}) {
  let at = 0;
  let [state, effects] = begin({ ...aRun(numberedRows(12), config), ...changes }, at);
  const machine = {
    effects: [...effects],
    state: () => state,
    take(...events: Untimed<RunEvent>[]) {
      for (const event of events) {
        [state, effects] = reduce(state, { ...event, at: (at += 1_000) });
        machine.effects.push(...effects);
      }
      return machine;
    },
    /** Acknowledges whatever is being sent, until nothing is. */
    acknowledgeAll() {
      while (state.isSending) machine.take({ type: "acknowledged" });
      return machine;
    },
    training() {
      machine.take({ type: "opened" }, { type: "acknowledged" });
      machine.take({ type: "done", result: { kind: "create_model", modelId: "m1" } });
      return machine.acknowledgeAll();
    },
    kinds: () => machine.effects.map(({ type }) => type),
    submitted: () =>
      machine.effects.flatMap((effect) => (effect.type === "submit" ? [effect.work] : [])),
  };
  return machine;
}

function resultOf(work: Work | undefined): WorkResult {
  if (work?.kind !== "step") throw new Error("not a step");
  return { ...work, loss: 1, gradNorm: null, tokens: 10 };
}

const done = (state: RunState) => ({ type: "done" as const, result: resultOf(state.inFlight[0]) });
const failed = (kind: FailureKind, from = 0) => ({
  type: "failed" as const,
  failure: { kind, error, from },
});
const last = (effects: Effect[]) => effects.at(-1);

test("sends one work at a time and keeps submitAhead steps beyond the awaited one in flight", () => {
  const machine = aMachine({ submitAhead: 1 }).training();
  expect(machine.state().inFlight).toMatchObject([{ step: 0 }, { step: 1 }]);
  machine.take(done(machine.state()));
  expect(machine.state()).toMatchObject({ isSending: true, inFlight: [{ step: 1 }, { step: 2 }] });
});

test("puts validation and save between the steps of a boundary without waiting for either", () => {
  const machine = aMachine({
    validationShare: 0.1,
    saveEvery: { unit: "steps", steps: 2 },
    submitAhead: 5,
  }).training();
  expect(
    machine
      .submitted()
      .map((work) => (work.kind === "step" ? work.step : work.kind))
      .slice(1, 11),
  ).toEqual([0, 1, "validate", "save", 2, 3, "validate", "save", 4, 5]);
  expect(machine.submitted().find(({ kind }) => kind === "save")).toMatchObject({
    name: "step-000002",
    nextStep: 2,
  });
});

test("a pause waits for a model that is being made, to free it, and for nothing before that", () => {
  const early = aMachine().take({ type: "pause" });
  expect(last(early.effects)).toEqual({ type: "unload", modelId: null });
  const making = aMachine().take({ type: "opened" }, { type: "acknowledged" }, { type: "pause" });
  expect(making.kinds()).not.toContain("unload");
  making.take({ type: "done", result: { kind: "create_model", modelId: "m1" } });
  expect(last(making.effects)).toEqual({ type: "unload", modelId: "m1" });
});

test("a pause saves behind the steps in flight, awaits all of them and sends no other", () => {
  const machine = aMachine({ submitAhead: 2 }).training().take({ type: "pause" }).acknowledgeAll();
  expect(machine.state().inFlight).toMatchObject([
    { step: 0 },
    { step: 1 },
    { step: 2 },
    { kind: "save", nextStep: 3 },
  ]);
  machine.take(done(machine.state()), { type: "heartbeat" });
  machine.take(done(machine.state()));
  machine.take(done(machine.state()));
  const save = machine.state().inFlight[0] as Extract<Work, { kind: "save" }>;
  machine.take(
    { type: "done", result: { ...save, path: "twinkle://m1/weights/a" } },
    { type: "unloaded" },
  );
  expect(machine.state()).toMatchObject({
    phase: "released",
    record: { status: "paused", step: 3, checkpoints: [{ name: "a" }] },
  });
});

test("what was rejected is sent again in order, from the request that was", () => {
  const machine = aMachine({ submitAhead: 1 }).training();
  machine.take(failed("not_executed", 1), failed("not_executed"));
  expect(last(machine.effects)).toEqual({ type: "wait", ms: 1_000 });
  expect(machine.state().record.status).toBe("waiting");
  const before = machine.submitted().length;
  machine.take({ type: "woke" }).acknowledgeAll();
  expect(machine.submitted().slice(before)).toMatchObject([{ step: 0 }, { step: 1 }]);
  expect(machine.effects.filter((effect) => effect.type === "submit").at(-2)).toMatchObject({
    from: 1,
  });
});

test("a rejected step behind which another one ran falls back, then goes one step at a time", () => {
  const machine = aMachine({ submitAhead: 1 }).training();
  machine.take(failed("not_executed"));
  machine.take(done(machine.state()));
  expect(last(machine.effects)).toEqual({ type: "open", abandonedModel: "m1", isAgain: true });
  machine.training();
  expect(machine.state().inFlight).toMatchObject([{ step: 0 }]);
});

test("a queue that the server paused is waiting, with the server's reason", () => {
  const machine = aMachine()
    .training()
    .take({ type: "pending", queueState: "paused_capacity", reason: "busy until noon" });
  expect(machine.state()).toMatchObject({
    record: { status: "waiting" },
    activity: { code: "server_busy", reason: "busy until noon" },
  });
  machine.take({ type: "pending", queueState: "active", reason: null });
  expect(machine.state().record.status).toBe("training");
});

test("a run that nobody drives is interrupted unless it is at rest", () => {
  const { record } = aMachine().training().state();
  expect(asSeen(record, true).status).toBe("training");
  expect(asSeen(record, false).status).toBe("interrupted");
  expect(asSeen({ ...record, status: "paused" }, false).status).toBe("paused");
});

test("counts the time in which it was driven, and marks the gap in which it was not", () => {
  const { record } = aMachine().training().state();
  const later = record.updatedAt + 60_000;
  const [resumed] = begin(record, later);
  expect(record.activeMs).toBe(record.updatedAt);
  expect(resumed.record).toMatchObject({
    activeMs: record.activeMs,
    resumes: [{ step: 1, at: later, gapMs: 60_000 }],
  });
});
