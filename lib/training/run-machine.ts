import { assertNever, invariant } from "@/lib/base/assert-never";
import type { ErrorReport } from "@/lib/base/errors";
import { onFailed } from "./run-failures";
import { end, fallBack, log, pump, release, startingPoint } from "./run-moves";
import { onDone } from "./run-results";
import { withStatus } from "./run-status";
import type { RunEvent, RunState, Transition, Work } from "./run-state";
import type { RunRecord } from "./types";

/*
 *           begin                                        pause, stop, all steps done, or it cannot go on
 *             │                                                       ┌───────────────────────┐
 *             ▼                                                       │                       ▼
 *        ┌─────────┐ opened ┌───────────┐ model made,  ┌──────────┐   │                 ┌───────────┐ unloaded ┌──────────┐
 *    ┌──►│ opening ├───────►│ preparing ├─────────────►│ training ├───┴────────────────►│ unloading ├─────────►│ released │
 *    │   └─────────┘        └─────┬─────┘  weights in  └────┬─────┘                     └───────────┘          └──────────┘
 *    │                            │                         │
 *    └────────────────────────────┴─────────────────────────┘
 *      fall back to the last checkpoint with a new model, where the model is gone or the fate of a request is unknown
 *
 * In `training` all works flow through one pipeline, submitted and settled in order, one being sent at a time: steps, at
 * most 1 + submitAhead of them; and at a boundary that is due a validation and a save, behind which the steps go on at once.
 */

/**
 * The state of a run that is driven from now on, for the first time or again: it goes on from its last checkpoint,
 * and the steps that were confirmed after it are dropped.
 */
export function begin(record: RunRecord, at: number): Transition {
  const { nextStep } = startingPoint(record);
  const isResume = record.serverRunId !== null;
  const gapMs = at - record.updatedAt;
  const resumes = record.resumes.filter(({ step }) => step <= nextStep);
  const state: RunState = {
    record: {
      ...record,
      step: nextStep,
      error: null,
      updatedAt: at,
      resumes: isResume ? [...resumes, { step: nextStep + 1, at, gapMs }] : resumes,
    },
    phase: "opening",
    cursor: nextStep,
    savedAt: nextStep,
    validatedAt: nextStep,
    queue: [],
    inFlight: [],
    isSending: false,
    held: [],
    isSaveRequested: false,
    saveFailures: 0,
    ending: null,
    outcome: null,
    blocked: null,
    recoveries: 0,
    furthestStep: nextStep,
    isCautious: false,
    rateLimits: 0,
    lastValidation: null,
    recent: [],
    activity: { code: "idle", since: at },
    connection: { lastAcknowledgedAt: null, lastHeartbeatAt: null, queueState: null, retries: 0 },
  };
  const entry = isResume
    ? log(state, "info", "resumed", { step: nextStep, gapSeconds: Math.round(gapMs / 1000) })
    : log(state, "info", "started", { model: record.config.baseModel });
  return [
    withStatus(state),
    [
      { type: "dropped_after", step: nextStep },
      entry,
      { type: "open", abandonedModel: record.serverRunId, isAgain: isResume },
    ],
  ];
}

/** What an event makes of a run, and what is to be done about it. Pure: the same state and event give the same answer. */
export function reduce(state: RunState, event: RunEvent): Transition {
  if (state.phase === "released") return [state, []];
  const { record } = state;
  const activeMs = record.activeMs + (event.at - record.updatedAt);
  const [next, effects] = react(
    { ...state, record: { ...record, activeMs, updatedAt: event.at } },
    event,
  );
  return [withStatus(next), effects];
}

function react(state: RunState, event: RunEvent): Transition {
  switch (event.type) {
    case "opened":
      return pump({
        ...state,
        phase: "preparing",
        blocked: null,
        queue: [{ work: { kind: "create_model" }, from: 0 }],
      });
    case "broken":
      return state.phase === "unloading" ? [state, []] : end(state, "failed", event.error);
    case "acknowledged": {
      const connection = { ...state.connection, lastAcknowledgedAt: event.at };
      return pump({ ...state, isSending: false, connection });
    }
    case "done":
      return onDone({ ...settleOldest(state)[0], blocked: null }, event.result);
    case "failed":
      return onFailed(...settleOldest(state), event.failure);
    case "pending":
      return [onPending(state, event.queueState, event.reason), []];
    case "retrying":
      return onRetrying(state, event.error);
    case "answered":
      if (state.blocked?.code !== "reconnecting") return [state, []];
      return [{ ...state, blocked: null }, [log(state, "info", "connection_back", {})]];
    case "heartbeat":
      return [{ ...state, connection: { ...state.connection, lastHeartbeatAt: event.at } }, []];
    case "session_gone":
      return fallBack(state, event.error);
    case "woke":
      return pump({ ...state, queue: [...state.held, ...state.queue], held: [] });
    case "unloaded":
      return release(state);
    case "pause":
      return onEnding(state, { status: "paused", save: true });
    case "stop":
      return onEnding(state, { status: "stopped", save: event.save });
    case "save_now":
      return pump({ ...state, isSaveRequested: true });
    case "save_for_sampling":
      return onSaveForSampling(state, event.command);
    default:
      return assertNever(event);
  }
}

/** The oldest work in flight is settled; it may be the one that was being sent. */
function settleOldest(state: RunState): [RunState, Work] {
  const [oldest, ...inFlight] = state.inFlight;
  invariant(oldest, "a work was settled that is not in flight");
  return [{ ...state, inFlight, isSending: state.isSending && inFlight.length > 0 }, oldest];
}

function onPending(state: RunState, queueState: string | null, reason: string | null): RunState {
  const connection = { ...state.connection, queueState };
  if (queueState?.startsWith("paused")) {
    return { ...state, connection, blocked: { code: "server_busy", reason: reason ?? queueState } };
  }
  return {
    ...state,
    connection,
    blocked: state.blocked?.code === "server_busy" ? null : state.blocked,
  };
}

function onRetrying(state: RunState, error: ErrorReport): Transition {
  const next: RunState = {
    ...state,
    connection: { ...state.connection, retries: state.connection.retries + 1 },
    blocked: { code: "reconnecting", reason: error.message },
  };
  const isNew = state.blocked?.code !== "reconnecting";
  return [next, isNew ? [log(state, "warn", "connection_lost", { reason: error.message })] : []];
}

/** Training ends at the next boundary. What is not training yet has nothing to save; but a model that is being made is awaited, to be freed. */
function onEnding(state: RunState, ending: NonNullable<RunState["ending"]>): Transition {
  if (state.phase === "unloading") return [state, []];
  const isMakingModel = state.inFlight[0]?.kind === "create_model" && !state.blocked;
  const waits = state.phase === "training" ? ending.save : isMakingModel;
  return waits ? pump({ ...state, ending }) : end(state, ending.status);
}

function onSaveForSampling(state: RunState, command: number): Transition {
  if (state.phase !== "training" || state.ending) {
    const error: ErrorReport = {
      code: "conflict",
      message: "the run is not training",
      retryable: true,
    };
    return [state, [{ type: "answer", command, result: { error } }]];
  }
  const name = `sampling-${String(state.cursor).padStart(6, "0")}`;
  return pump({
    ...state,
    queue: [...state.queue, { work: { kind: "save_for_sampling", name, command }, from: 0 }],
  });
}
