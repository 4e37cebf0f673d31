import { assertNever } from "@/lib/base/assert-never";
import type { ErrorReport } from "@/lib/base/errors";
import { isOptimizerStateRefused } from "./failures";
import { end, fallBack, log, noting, pump } from "./run-moves";
import type { RunState, Transition, Work, WorkFailure } from "./run-state";

const MOST_SAVE_FAILURES = 3;
const MODEL_WAIT_MS = 5_000;
const LONGEST_START_MS = 15 * 60_000;
const RATE_LIMIT_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 15_000;

/** What the failure of the oldest work in flight comes to; `state` no longer counts it. */
export function onFailed(state: RunState, work: Work, failure: WorkFailure): Transition {
  if (failure.kind === "not_executed") return hold(state, work, failure);
  if (state.held.length > 0 || failure.kind === "model_gone") return fallBack(state, failure.error);
  const { error } = failure;
  switch (work.kind) {
    case "create_model":
      return onModelRefused(state, work, failure);
    case "load_weights":
      return failure.kind === "refused" ? onLoadRefused(state, error) : fallBack(state, error);
    case "step":
      return fallBack(state, error);
    case "validate":
      return noting(
        pump(state),
        log(state, "warn", "validation_failed", { reason: error.message }),
      );
    case "save":
      return onSaveFailed(state, failure);
    case "save_for_sampling": {
      const [next, effects] = pump(state);
      return [next, [{ type: "answer", command: work.command, result: { error } }, ...effects]];
    }
    default:
      return assertNever(work);
  }
}

/** Keeps a work that the server did not execute, and sends it again after a while once everything behind it is settled. */
function hold(state: RunState, work: Work, { error, from }: WorkFailure): Transition {
  const next: RunState = {
    ...state,
    held: [...state.held, { work, from }],
    isCautious: true,
    rateLimits: state.rateLimits + (state.held.length === 0 ? 1 : 0),
    blocked: { code: "server_busy", reason: error.message },
  };
  const notes =
    state.held.length === 0 ? [log(state, "warn", "rate_limited", { reason: error.message })] : [];
  if (next.inFlight.length > 0) return [next, notes];
  const ms = Math.min(LONGEST_WAIT_MS, RATE_LIMIT_WAIT_MS * 2 ** (next.rateLimits - 1));
  return [next, [...notes, { type: "wait", ms }]];
}

function onModelRefused(state: RunState, work: Work, { kind, error }: WorkFailure): Transition {
  if (state.ending) return end(state, state.ending.status);
  if (kind === "no_free_slot" || kind === "adapters_lost")
    return waitForServer(state, work, { code: kind, reason: error.message });
  if (kind !== "refused") return fallBack(state, error);
  if (error.code === "not_found" && isBeingStarted(state))
    return waitForServer(state, work, { code: "model_absent", reason: error.message });
  return end(state, "failed", error);
}

/** A server that is started again answers before its models do; one that had the model before is given time. */
function isBeingStarted({ record, recoveries, blocked, activity }: RunState): boolean {
  if (record.serverRunId === null && recoveries === 0) return false;
  const waitsMs = blocked?.code === "model_absent" ? record.updatedAt - activity.since : 0;
  return waitsMs < LONGEST_START_MS;
}

/** Asks for the model again and again, until others or whoever runs the server have made way. */
function waitForServer(
  state: RunState,
  work: Work,
  blocked: { code: "no_free_slot" | "adapters_lost" | "model_absent"; reason: string },
): Transition {
  const { code, reason } = blocked;
  const notes = state.blocked?.code === code ? [] : [log(state, "warn", code, { reason })];
  return [
    { ...state, held: [{ work, from: 0 }], blocked },
    [...notes, { type: "wait", ms: MODEL_WAIT_MS }],
  ];
}

/** Where only the optimizer state is refused, the run can go on from the weights alone when the user wants that. */
function onLoadRefused(state: RunState, error: ErrorReport): Transition {
  if (!isOptimizerStateRefused(error))
    return end(state, "failed", {
      ...error,
      details: { ...error.details, reason: "load_weights" },
    });
  const record = { ...state.record, optimizerRefusedAt: state.record.updatedAt };
  const details = { ...error.details, reason: "optimizer_state" };
  return end({ ...state, record }, "failed", { ...error, details });
}

/** Saves again at the next boundary, under a new name; the last checkpoint still stands. */
function onSaveFailed(state: RunState, { error }: WorkFailure): Transition {
  const saveFailures = state.saveFailures + 1;
  const entry = log(state, "error", "save_failed", { reason: error.message });
  if (saveFailures >= MOST_SAVE_FAILURES) {
    return noting(
      state.ending ? end(state, state.ending.status, error) : end(state, "failed", error),
      entry,
    );
  }
  const savedAt = state.record.checkpoints.at(-1)?.nextStep ?? 0;
  return noting(pump({ ...state, saveFailures, savedAt, isSaveRequested: true }), entry);
}
