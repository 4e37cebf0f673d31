import { createHash } from "node:crypto";
import type { TrainingApi } from "@/lib/client/training-api";
import { allTrainingRuns } from "@/lib/client/training-runs";
import { readModelFacts } from "@/lib/tokenizer/model-facts";
import { defaultRunConfig } from "@/lib/training/defaults";
import { configOf, RUN_FLAGS, type RunFlag, type RunFlagValues } from "@/lib/training/run-flags";
import type { RunConfig } from "@/lib/training/types";
import { UsageError } from "./command";
import { offeredModels, weightsInfo } from "./server-facts";
import type { Connection } from "./connection";
import type { DatasetSource } from "./dataset-source";
import type { TokenizedDataset } from "./tokenized-dataset";
import type { TokenizerSource } from "./tokenizer-source";

/** The flags of every field of the form, for `parseArgs`. */
export const RUN_OPTIONS = Object.fromEntries(
  RUN_FLAGS.map((flag) => [flag, { type: "string" }]),
) as Record<RunFlag, { type: "string" }>;

/** What a run starts from: a base model, or a checkpoint of one. */
export interface Start {
  baseModel: string;
  startFrom: RunConfig["startFrom"];
  /** Rank of the checkpoint: a run that goes on from it must have the same. */
  fixedRank: number | null;
}

export interface StartFlags {
  base?: string | undefined;
  resume?: string | undefined;
  "weights-only"?: boolean | undefined;
}

/**
 * The model that `--base` names, or the checkpoint that `--resume` does: a path, or a run whose newest one it is.
 *
 * @throws UsageError when nothing says which model; WireError for a run or checkpoint that the server does not have
 */
export async function readStart(
  { base, resume, "weights-only": weightsOnly = false }: StartFlags,
  { api }: Connection,
  options: { signal: AbortSignal },
): Promise<Start> {
  if (resume === undefined) {
    if (weightsOnly) throw new UsageError("--weights-only needs --resume.");
    return { baseModel: base ?? (await onlyModel(api, options)), startFrom: null, fixedRank: null };
  }
  const path = resume.includes("://") ? resume : await newestCheckpoint(api, resume, options);
  const info = await weightsInfo(api, path, options);
  const baseModel = info.baseModel ?? base;
  if (baseModel === undefined)
    throw new UsageError("The server does not say which model the checkpoint is of; use --base.");
  if (base !== undefined && base !== baseModel)
    throw new UsageError(`${path} is a checkpoint of ${baseModel}, not of ${base}.`);
  return {
    baseModel,
    startFrom: { path, optimizer: !weightsOnly },
    fixedRank: info.loraRank,
  };
}

/** @throws UsageError when the server has not exactly one */
export async function onlyModel(
  api: TrainingApi,
  options: { signal: AbortSignal },
): Promise<string> {
  const names = (await offeredModels(api, options)).map(({ name }) => name);
  if (names.length === 1 && names[0] !== undefined) return names[0];
  throw new UsageError(
    names.length === 0
      ? "The server lists no model; name one with --base."
      : `Name one of the server's models with --base: ${names.join(", ")}.`,
  );
}

async function newestCheckpoint(
  api: TrainingApi,
  run: string,
  options: { signal: AbortSignal },
): Promise<string> {
  const checkpoints = (await api.checkpoints(run, options)).filter(
    ({ kind }) => kind === "training",
  );
  const newest = checkpoints.sort((a, b) => (a.time ?? "").localeCompare(b.time ?? "")).at(-1);
  if (newest) return newest.path;
  const isListed = (await allTrainingRuns(api, options)).some(({ id }) => id === run);
  throw new UsageError(
    isListed
      ? `Run ${run} has no checkpoint to go on from.`
      : `The server lists no run ${run}; \`runs\` shows those that it has.`,
  );
}

/**
 * The config of the form's defaults with the flags over them.
 *
 * @throws UsageError for a value that its field does not take
 */
export async function readConfig(
  flags: RunFlagValues,
  {
    start,
    dataset,
    source,
    files,
  }: {
    start: Start;
    dataset: TokenizedDataset;
    source: DatasetSource;
    files: TokenizerSource;
  },
  { api }: Connection,
  options: { signal: AbortSignal },
): Promise<RunConfig> {
  const { baseModel, startFrom, fixedRank } = start;
  const [facts, models] = await Promise.all([
    readModelFacts(files.name, files.readFile, options),
    offeredModels(api, options),
  ]);
  const offered = models.find(({ name }) => name === baseModel)?.maxContextLength;
  const known = [offered, facts.maxPositions].filter((length) => typeof length === "number");
  const maxPositions = known.length > 0 ? Math.min(...known) : null;
  const defaults = defaultRunConfig({
    dataset: { id: source.id, name: source.name, sampleKind: dataset.sampleKind },
    rowCount: dataset.rows.rowCount,
    longestRow: dataset.rows.lengths.reduce((longest, length) => Math.max(longest, length), 0),
    baseModel,
    hiddenSize: facts.hiddenSize,
    maxPositions,
    isHubSlice: source.isFromHub,
  });
  const rank = fixedRank === null ? {} : { loraRank: fixedRank };
  try {
    const config = configOf(flags, { ...defaults, ...rank, startFrom }, { maxPositions });
    if (fixedRank !== null && config.loraRank !== fixedRank)
      throw new RangeError(`--rank must be ${fixedRank}, the rank of the checkpoint.`);
    return config;
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(error.message);
    throw error;
  }
}

/**
 * Names the run that a command means: the same one whenever server, token, dataset and config are the same. Checkpoints
 * belong to a token, so another one cannot go on.
 */
export function runKey({ serverUrl, token }: Connection, config: RunConfig): string {
  const meant = JSON.stringify([serverUrl, token, config]);
  return createHash("sha256").update(meant).digest("hex").slice(0, 16);
}
