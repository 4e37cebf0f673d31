import type { AdapterView } from "./adapter-layout";
import type { BaseLayout, WeightStorage } from "./base-layout";
import type { ChoiceRules } from "./choose-token";
import type { Region } from "./compute";
import type { KeyValueCache } from "./key-value-cache";
import type { LossConfig, ModelConfig, PointwiseLoss, TrainRow } from "./types";

/** What a worker is started with. */
export interface WorkerSetup {
  memory: WebAssembly.Memory;
  config: ModelConfig;
  storage: WeightStorage;
  base: BaseLayout;
  arena: Region;
  scratch: Region;
  /** Shared by all workers, of which this is the one with this index. */
  board: Region;
  index: number;
  allowFma: boolean;
  /** As in `EngineOptions`. */
  drafts: boolean;
}

export interface TrainJob {
  kind: "train";
  rows: readonly TrainRow[];
  adapter: AdapterView | null;
  baseShift: number;
  hasBackward: boolean;
  loss: PointwiseLoss;
  lossConfig: LossConfig;
  /** The first factor of `cross_entropy`: 1 / sum of the sizes of the whole call's weights, for a mean. */
  scale: number;
}

/**
 * Fills an empty cache with a worker's share of a prompt. Its last token is left out: that is the first one that a
 * sample job feeds in.
 */
export interface PrefillJob {
  kind: "prefill";
  prompt: Int32Array;
  cache: KeyValueCache;
  adapter: AdapterView | null;
  /** Tokens of a piece. */
  pieceTokens: number;
  /** Where a word for each piece says how many of its layers are stored; all 0 at first. */
  storedLayers: number;
  /** This worker's pieces. */
  share: { first: number; step: number };
  isScored: boolean;
  /** Likeliest tokens wanted at each position. */
  topCount: number;
}

/** What is known about the tokens after some positions, from `first` on; empty unless asked for. */
export interface ScoredChunk {
  first: number;
  logprobs: number[];
  top: [number, number][][];
}

/** One answer. Jobs with the same adapter are decoded together. */
export interface SampleJob {
  kind: "sample";
  rules: ChoiceRules & { maxTokens: number; stopTokens: readonly number[] };
  seed: number;
  prompt: Int32Array;
  /** All but the prompt's last token; may be shared. */
  prefix: KeyValueCache;
  /** Its own, empty, with room for `maxTokens`. */
  tail: KeyValueCache;
  adapter: AdapterView | null;
}

/** Adds the other workers' gradients to the first one's over a span and zeroes them. */
export interface ReduceJob {
  kind: "reduce";
  gradients: readonly number[];
  from: number;
  to: number;
}

export interface AdamJob {
  kind: "adam";
  parameters: number;
  gradients: number;
  firstMoment: number;
  secondMoment: number;
  from: number;
  to: number;
  step: number;
  gradientScale: number;
  learningRate: number;
  beta1: number;
  beta2: number;
  eps: number;
  weightDecay: number;
}

export type Job =
  | TrainJob
  | ReduceJob
  | AdamJob
  | PrefillJob
  | SampleJob
  | { kind: "load"; directory: string }
  | { kind: "initAdapter"; adapter: AdapterView; seed: number }
  | { kind: "packAdapter"; adapter: AdapterView };

export type JobOf<Kind extends Job["kind"]> = Extract<Job, { kind: Kind }>;

/** What a finished job answers. */
export interface JobResults {
  train: { loss: number; logprobs: Float32Array[] };
  prefill: ScoredChunk[];
  sample: { stopReason: "stop" | "length" | "cancelled" };
  reduce: { sumOfSquares: number };
  adam: null;
  load: null;
  initAdapter: null;
  packAdapter: null;
}

export type ToWorker =
  | { id: number; job: Job }
  | { id: number; cancel: true }
  /** Whether any worker has answers in progress, which an idle one can help with. */
  | { isAnswering: boolean };

export type FromWorker =
  | { id: number; result: JobResults[Job["kind"]] }
  | { id: number; error: string }
  | { id: number; tokens: number[]; logprobs: number[] };

/** What is told of a failure on the other side. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
