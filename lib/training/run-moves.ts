import type { ErrorReport } from "@/lib/base/errors";
import type { LogCode } from "./log-codes";
import { learningRateAt } from "./schedule";
import type { Effect, Note, RunState, Submission, Transition, Work } from "./run-state";
import type { LogEntry, RunRecord } from "./types";

/* The moves that several events come to. */

const MOST_RECOVERIES = 3;

/** Where a run goes on: after its last checkpoint, else at its very start. */
export function startingPoint(record: RunRecord): { nextStep: number; load: Work | null } {
  const last = record.checkpoints.at(-1);
  const from = last ? { path: last.path, optimizer: true } : record.config.startFrom;
  const optimizer = from?.optimizer === true && record.optimizerRefusedAt === undefined;
  return {
    nextStep: last?.nextStep ?? 0,
    load: from && { kind: "load_weights", path: from.path, optimizer },
  };
}

/** Submits what is to be submitted next, if anything is: called after every change that may allow it. */
export function pump(state: RunState): Transition {
  if (state.isSending || state.held.length > 0) return [state, []];
  const [queued, ...queue] = state.queue;
  if (queued) return submit({ ...state, queue }, queued);
  if (state.phase !== "training") return [state, []];

  const { config, plan } = state.record;
  const { cursor, ending } = state;
  if (isValidationDue(state)) {
    return submit(
      { ...state, validatedAt: cursor },
      { work: { kind: "validate", step: cursor }, from: 0 },
    );
  }
  if (isSaveDue(state)) {
    return submit(
      { ...state, savedAt: cursor, isSaveRequested: false },
      { work: saveWork(state), from: 0 },
    );
  }
  if (ending || cursor === plan.totalSteps) {
    if (state.inFlight.length > 0) return [state, []];
    return end(state, ending?.status ?? "done");
  }
  const stepsInFlight = state.inFlight.filter((work) => work.kind === "step").length;
  if (stepsInFlight > (state.isCautious ? 0 : config.submitAhead)) return [state, []];
  const learningRate = learningRateAt(config, cursor, plan.totalSteps);
  return submit(
    { ...state, cursor: cursor + 1 },
    { work: { kind: "step", step: cursor, learningRate }, from: 0 },
  );
}

function submit(state: RunState, submission: Submission): Transition {
  const next = { ...state, inFlight: [...state.inFlight, submission.work], isSending: true };
  return [next, [{ type: "submit", ...submission }]];
}

function isScheduledSave({ cursor, record: { config, plan } }: RunState): boolean {
  if (cursor === plan.totalSteps) return true;
  return (
    cursor % (config.saveEvery.unit === "epoch" ? plan.stepsPerEpoch : config.saveEvery.steps) === 0
  );
}

function isSaveDue(state: RunState): boolean {
  if (state.cursor <= state.savedAt) return false;
  return state.ending ? state.ending.save : state.isSaveRequested || isScheduledSave(state);
}

function isValidationDue(state: RunState): boolean {
  const { cursor, ending, record } = state;
  if (ending || record.plan.validationRowCount === 0 || cursor <= state.validatedAt) return false;
  return cursor % record.plan.stepsPerEpoch === 0 || isSaveDue(state);
}

/** Names carry the step and are unique within a model, so that no server overwrites or refuses one. */
function saveWork({ cursor, saveFailures, record: { plan } }: RunState): Work {
  const isEpochEnd = cursor % plan.stepsPerEpoch === 0;
  const epoch = Math.ceil(cursor / plan.stepsPerEpoch);
  const step = `step-${String(cursor).padStart(6, "0")}`;
  const retry = saveFailures > 0 ? `-${saveFailures + 1}` : "";
  return {
    kind: "save",
    name: `${isEpochEnd ? `epoch-${epoch}-` : ""}${step}${retry}`,
    nextStep: cursor,
    epoch,
  };
}

/** Gives up the model and goes on from the last checkpoint with a new one; ends the run where that did not help. */
export function fallBack(state: RunState, error: ErrorReport): Transition {
  if (state.ending) return end(state, state.ending.status);
  if (state.recoveries >= MOST_RECOVERIES) return end(state, "failed", error);
  const { nextStep } = startingPoint(state.record);
  const next: RunState = {
    ...state,
    record: { ...state.record, step: nextStep },
    phase: "opening",
    cursor: nextStep,
    savedAt: nextStep,
    validatedAt: nextStep,
    queue: [],
    inFlight: [],
    isSending: false,
    held: [],
    recoveries: state.recoveries + 1,
    blocked: null,
    recent: [],
  };
  return [
    next,
    [
      { type: "abandon" },
      ...refusedSamples(state, error),
      { type: "dropped_after", step: nextStep },
      log(state, "warn", "fell_back", { step: nextStep, reason: error.message }),
      { type: "open", abandonedModel: state.record.serverRunId, isAgain: true },
    ],
  ];
}

/** Frees the slot, then lets go of the run in the given status. */
export function end(
  state: RunState,
  status: "paused" | "stopped" | "done" | "failed",
  error: ErrorReport | null = null,
): Transition {
  const reason: ErrorReport = error ?? {
    code: "conflict",
    message: "the run has ended",
    retryable: false,
  };
  return [
    { ...state, phase: "unloading", outcome: { status, error }, blocked: null },
    [
      { type: "abandon" },
      ...refusedSamples(state, reason),
      { type: "unload", modelId: state.record.serverRunId },
    ],
  ];
}

/** The slot is free: the run has ended. */
export function release(state: RunState): Transition {
  const { status, error } = state.outcome ?? { status: "stopped", error: null };
  const { step } = state.record;
  const entry =
    status === "failed"
      ? log(state, "error", "failed", { reason: error?.message ?? "" })
      : log(state, "info", status === "done" ? "finished" : status, { step });
  return [
    { ...state, phase: "released", inFlight: [], record: { ...state.record, status, error } },
    [entry, { type: "release" }],
  ];
}

function refusedSamples(state: RunState, error: ErrorReport): Effect[] {
  const works = [
    ...state.inFlight,
    ...[...state.held, ...state.queue].map((submission) => submission.work),
  ];
  return works.flatMap((work) =>
    work.kind === "save_for_sampling"
      ? [{ type: "answer", command: work.command, result: { error } }]
      : [],
  );
}

/** The transition with notes put before its effects. */
export function noting([state, effects]: Transition, ...notes: Note[]): Transition {
  return [state, [...notes, ...effects]];
}

export function log(
  state: RunState,
  level: LogEntry["level"],
  code: LogCode,
  params: LogEntry["params"],
): Note {
  return { type: "log", entry: { at: state.record.updatedAt, level, code, params } };
}
