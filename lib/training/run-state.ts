import type { ErrorReport } from "@/lib/base/errors";
import type { FailureKind } from "./failures";
import type { LogCode } from "./log-codes";
import type {
  LogEntry,
  RunActivity,
  RunConnection,
  RunRecord,
  StepPoint,
  ValidationPoint,
} from "./types";

/** One or more requests that the server runs in order and that succeed or fail together. */
export type Work =
  | { kind: "create_model" }
  | { kind: "load_weights"; path: string; optimizer: boolean }
  | { kind: "step"; step: number; learningRate: number }
  | { kind: "validate"; step: number }
  | { kind: "save"; name: string; nextStep: number; epoch: number }
  | { kind: "save_for_sampling"; name: string; command: number };

type WorkOf<Kind extends Work["kind"]> = Extract<Work, { kind: Kind }>;

/** A finished work with what came of it. */
export type WorkResult =
  | (WorkOf<"create_model"> & { modelId: string })
  | WorkOf<"load_weights">
  | (WorkOf<"step"> & { loss: number | null; gradNorm: number | null; tokens: number })
  | (WorkOf<"validate"> & { loss: number | null })
  | (WorkOf<"save"> & { path: string })
  | (WorkOf<"save_for_sampling"> & { path: string });

/** A work to submit, from one of its requests on. */
export interface Submission {
  work: Work;
  from: number;
}

export interface WorkFailure {
  kind: FailureKind;
  error: ErrorReport;
  /** The first request that was not executed, where `kind` says that none after it was. */
  from: number;
}

/** `done` and `failed` come in the order in which works were submitted. Steps are counted from 0. */
export type RunEvent = { at: number } & (
  | { type: "opened" }
  /** No other try would help: the server does not let the studio in, or the studio itself failed. */
  | { type: "broken"; error: ErrorReport }
  | { type: "acknowledged" }
  | { type: "done"; result: WorkResult }
  | { type: "failed"; failure: WorkFailure }
  | { type: "pending"; queueState: string | null; reason: string | null }
  | { type: "retrying"; error: ErrorReport }
  | { type: "answered" }
  | { type: "heartbeat" }
  | { type: "session_gone"; error: ErrorReport }
  | { type: "woke" }
  | { type: "unloaded" }
  | { type: "pause" }
  | { type: "stop"; save: boolean }
  | { type: "save_now" }
  | { type: "save_for_sampling"; command: number }
);

export type Effect =
  /**
   * Frees the slot of a model that is given up, then opens a session with heartbeats: `opened` or `broken`. `isAgain` on a
   * server that has served the run before.
   */
  | { type: "open"; abandonedModel: string | null; isAgain: boolean }
  /** Sends the requests of a work, from the given one on, each after the one before was acknowledged. */
  | ({ type: "submit" } & Submission)
  /** `woke` after this time. */
  | { type: "wait"; ms: number }
  /** Ends session, polls and waits; nothing of them is reported any more. */
  | { type: "abandon" }
  /** Frees the model's slot, as well as can be: `unloaded`. */
  | { type: "unload"; modelId: string | null }
  | { type: "answer"; command: number; result: { path: string } | { error: ErrorReport } }
  | { type: "release" }
  | Note;

/** Effects that only tell; the driver writes them to the journal before it carries out any other. */
export type Note =
  | { type: "step_confirmed"; point: StepPoint }
  | { type: "validated"; point: ValidationPoint }
  | { type: "log"; entry: LogEntry & { code: LogCode } }
  | { type: "dropped_after"; step: number };

export interface RunState {
  record: RunRecord;
  phase: "opening" | "preparing" | "training" | "unloading" | "released";
  /** The next step to submit. */
  cursor: number;
  /** Boundaries up to which a save and a validation were submitted. */
  savedAt: number;
  validatedAt: number;
  /** Works that go before anything else. */
  queue: Submission[];
  /** Submitted works, oldest first. */
  inFlight: Work[];
  /** The youngest of them is not acknowledged yet. */
  isSending: boolean;
  /** Works that the server did not execute; sent again once all others are settled. */
  held: Submission[];
  isSaveRequested: boolean;
  saveFailures: number;
  /** The user wants the run to end so. */
  ending: { status: "paused" | "stopped"; save: boolean } | null;
  /** How it ends once the slot is free. */
  outcome: { status: "paused" | "stopped" | "done" | "failed"; error: ErrorReport | null } | null;
  blocked: {
    code: "reconnecting" | "server_busy" | "no_free_slot" | "adapters_lost" | "model_absent";
    reason: string;
  } | null;
  /** Fall-backs to a checkpoint without a new furthest step in between. */
  recoveries: number;
  furthestStep: number;
  /** A server that limits the rate gets one step at a time: then what it rejects can be sent again. */
  isCautious: boolean;
  rateLimits: number;
  lastValidation: ValidationPoint | null;
  /** The newest confirmations, to measure speed. */
  recent: { at: number; tokens: number }[];
  activity: RunActivity;
  connection: RunConnection;
}

export type Transition = [RunState, Effect[]];
