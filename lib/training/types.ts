import type { ErrorReport } from "@/lib/base/errors";
import type { SampleKind } from "@/lib/dataset/types";

export type Schedule = "constant" | "linear" | "cosine";
export type OverLength = "drop" | "cut_start";
export type SaveEvery = { unit: "epoch" } | { unit: "steps"; steps: number };

/** Everything that the form asks for. Stored with the run, here and on the server, and never changed afterwards. */
export interface RunConfig {
  name: string;
  baseModel: string;
  datasetId: string;
  datasetName: string;
  sampleKind: SampleKind;
  loraRank: number;
  epochs: number;
  /** Rows a step. */
  batchSize: number;
  learningRate: number;
  schedule: Schedule;
  /** Steps over which the learning rate rises from 0. */
  warmupSteps: number;
  /** Tokens a row. */
  maxLength: number;
  overLength: OverLength;
  /** Share of the rows kept for validation, 0 to 0.5. */
  validationShare: number;
  seed: number;
  saveEvery: SaveEvery;
  weightDecay: number;
  gradClipNorm: number;
  /** Steps in flight beyond the one that is awaited. */
  submitAhead: number;
  /** Checkpoint to start from, with its optimizer state. */
  startFrom: { path: string; optimizer: boolean } | null;
}

/** What a config comes to on a tokenized dataset: the same function makes it before the start and in the loop. */
export interface RunPlan {
  /** Row numbers, in file order; the order within an epoch follows from seed and epoch. */
  trainRows: number[];
  validationRows: number[];
  droppedRows: number;
  cutRows: number;
  stepsPerEpoch: number;
  totalSteps: number;
  /** Tokens sent over all epochs, validation not counted. */
  totalTokens: number;
  totalTrainedTokens: number;
}

/**
 * `interrupted`: nobody drives it (tab closed, worker lost) and it can go on from its last checkpoint.
 * `waiting`: driven, but the server keeps it waiting or cannot be reached; `waitReason` says why.
 */
export type RunStatus =
  | "preparing"
  | "training"
  | "saving"
  | "waiting"
  | "paused"
  | "interrupted"
  | "stopped"
  | "done"
  | "failed";

export const FINISHED: readonly RunStatus[] = ["stopped", "done", "failed"];

export interface SavedCheckpoint {
  name: string;
  path: string;
  /** Optimizer steps that the weights have seen: the run goes on with this step number (counted from 0). */
  nextStep: number;
  epoch: number;
  loss: number | null;
  validationLoss: number | null;
  savedAt: number;
}

/** One confirmed optimizer step. */
export interface StepPoint {
  /** Counted from 1. */
  step: number;
  /** Nats per trained token over the batch, computed from the logprobs; null where the server tells none. */
  loss: number | null;
  learningRate: number;
  gradNorm: number | null;
  tokens: number;
  tokensPerSecond: number | null;
  /** Milliseconds since the epoch when the step was confirmed. */
  at: number;
}

export interface ValidationPoint {
  step: number;
  loss: number;
  at: number;
}

/** A stretch of time in which nobody drove the run; drawn as a gap. */
export interface ResumeMark {
  /** First step after the gap. */
  step: number;
  at: number;
  gapMs: number;
}

export interface RunRecord {
  key: string;
  /** The training server that the run is bound to: `local`, else its address. */
  serverId: string;
  /** `model_id` on the server; null until create_model was acknowledged. A resumed run gets a new one. */
  serverRunId: string | null;
  config: RunConfig;
  plan: Omit<RunPlan, "trainRows" | "validationRows"> & {
    trainRowCount: number;
    validationRowCount: number;
  };
  status: RunStatus;
  /** Confirmed optimizer steps. */
  step: number;
  lastLoss: number | null;
  lastValidationLoss: number | null;
  checkpoints: SavedCheckpoint[];
  resumes: ResumeMark[];
  error: ErrorReport | null;
  /** When the server was seen to refuse a checkpoint's optimizer state: from then on the weights alone are loaded. */
  optimizerRefusedAt?: number;
  createdAt: number;
  updatedAt: number;
  /** Milliseconds in which the run was driven. */
  activeMs: number;
}

/** What the run is doing right now, in words of the message files (`run.activity.<code>`). */
export interface RunActivity {
  code:
    | "idle"
    | "loading_rows"
    | "creating_session"
    | "creating_model"
    | "loading_weights"
    | "sending_step"
    | "awaiting_step"
    | "validating"
    | "saving"
    | "unloading"
    | "server_busy"
    | "reconnecting"
    | "no_free_slot"
    | "adapters_lost"
    | "model_absent";
  step?: number | undefined;
  reason?: string | undefined;
  since: number;
}

export interface LogEntry {
  at: number;
  level: "info" | "warn" | "error";
  /** `run.log.<code>` in the message files. */
  code: string;
  params: Record<string, string | number>;
}

/** How the server behaves towards the run, for the connection card. */
export interface RunConnection {
  lastAcknowledgedAt: number | null;
  lastHeartbeatAt: number | null;
  queueState: string | null;
  retries: number;
}
