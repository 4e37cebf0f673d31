import type * as z from "zod/mini";
import type { Clock } from "@/lib/base/clock";
import { awaitFuture } from "@/lib/client/futures";
import type { TrainingApi } from "@/lib/client/training-api";
import type { CallOptions } from "@/lib/client/transport";
import type { TokenRow } from "@/lib/dataset/types";
import type { FutureRef } from "@/lib/protocol/futures";
import type { ServerTraits } from "./traits";

/** A model of the journey; `seqId` is that of its last request. */
export interface PatientModel {
  id: string;
  seqId: number;
}

/** Everything that the steps of a journey share and leave for one another. */
export interface Patient {
  api: TrainingApi;
  baseModel: string;
  clock: Clock;
  traits: ServerTraits;
  sessionId: string | null;
  /** Counts the models of the session: one server makes no second one under the same number. */
  modelSeqId: number;
  model: PatientModel | null;
  /** Losses of the steps, then of `forward` before the save. */
  stepLosses: number[];
  lossAtSave: number | null;
  /** Paths by what they are for. */
  trainingPath: string | null;
  sampledPath: string | null;
  baseTokens: Sampled | null;
  /** What has to be removed at the end. */
  made: { models: Set<string>; creating: Set<string>; checkpoints: Map<string, CheckpointRef> };
}

export interface CheckpointRef {
  runId: string;
  id: string;
}

export interface Sampled {
  tokens: number[];
  logprobs: (number | null)[] | null;
}

export function newPatient(
  api: TrainingApi,
  baseModel: string,
  clock: Clock,
  traits: ServerTraits,
): Patient {
  return {
    ...{ api, baseModel, clock, traits },
    sessionId: null,
    modelSeqId: 0,
    model: null,
    stepLosses: [],
    lossAtSave: null,
    trainingPath: null,
    sampledPath: null,
    baseTokens: null,
    made: { models: new Set(), creating: new Set(), checkpoints: new Map() },
  };
}

/** Ids that every vocabulary has and none uses as a mark: three of them in turn, which a model learns in a few steps. */
const PATTERN = [40, 71, 102];
const ROW_TOKENS = 24;
/** Servers that spread a batch over their devices want at least one row for each. */
const ROWS = 8;

export const PROBE_ROWS: readonly TokenRow[] = Array.from({ length: ROWS }, (_, row) => ({
  tokens: Int32Array.from({ length: ROW_TOKENS }, (_, at) => PATTERN[(row + at) % 3] ?? 0),
  weights: new Uint8Array(ROW_TOKENS).fill(1),
}));

/** Sends a call of the patient's model and awaits its result. */
export async function done<Result>(
  { api, clock }: Pick<Patient, "api" | "clock">,
  sent: Promise<FutureRef>,
  result: z.ZodMiniType<Result>,
  { signal }: CallOptions,
): Promise<Result> {
  const { requestId } = await sent;
  return awaitFuture(api, requestId, result, { clock, signal });
}

/** For calls that make something: their answer, which says what has to be removed again, is heard also after an abort. */
export function toTheEnd(options: CallOptions): CallOptions {
  return { ...options, signal: new AbortController().signal };
}

export function nextIds(model: PatientModel): { model_id: string; seq_id: number } {
  return { model_id: model.id, seq_id: (model.seqId += 1) };
}

/** The model that an earlier step has left; steps that need it are skipped where there is none. */
export function modelOf({ model }: Patient): PatientModel {
  if (!model) throw new Error("a step without its model");
  return model;
}
