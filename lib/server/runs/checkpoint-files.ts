import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { z } from "zod";

import { encodeSafetensors, SafetensorsReader, type TensorToWrite } from "../engine/safetensors";
import type { AdapterTensors, OptimizerTensors } from "../engine/types";
import { writeFolder } from "./durable-files";
import { CONFIG_FILE, peftConfig, readPeftFacts, WEIGHTS_FILE } from "./peft-config";

const OPTIMIZER_FILE = "optimizer.safetensors";
const FACTS_FILE = "checkpoint.json";
const FIRST_MOMENT = "exp_avg.";
const SECOND_MOMENT = "exp_avg_sq.";

const factsSchema = z.object({
  savedAt: z.string(),
  baseModel: z.string(),
  rank: z.number(),
  alpha: z.number(),
  /** Finished optimizer steps. */
  steps: z.number(),
  /** Mean loss of the last step; null before the first. */
  loss: z.number().nullable(),
  /** False where the name is a time stamp that the server made. */
  isNamed: z.boolean(),
  /** Set when optimizer state was saved along. */
  optimizerStep: z.number().nullable(),
  /** Different for every save, also under the same name. */
  version: z.string(),
  fileBytes: z.record(z.string(), z.number()),
});

/** What is known of a checkpoint without reading its weights. */
export type CheckpointFacts = z.infer<typeof factsSchema>;
export type NewCheckpoint = Omit<CheckpointFacts, "fileBytes" | "rank" | "alpha" | "optimizerStep">;

/** Writes a checkpoint in PEFT's format, with the optimizer beside it when given; on disk when this returns. */
export async function writeCheckpoint(
  folder: string,
  checkpoint: NewCheckpoint,
  weights: AdapterTensors,
  optimizer: OptimizerTensors | null,
): Promise<void> {
  const files: Record<string, string | Uint8Array> = {
    [WEIGHTS_FILE]: encodeSafetensors(weightTensors(weights), "F32"),
    [CONFIG_FILE]: JSON.stringify(peftConfig(checkpoint.baseModel, weights), null, 2),
  };
  if (optimizer)
    files[OPTIMIZER_FILE] = encodeSafetensors(optimizerTensors(weights, optimizer), "F32");
  const facts: CheckpointFacts = {
    ...checkpoint,
    rank: weights.rank,
    alpha: weights.alpha,
    optimizerStep: optimizer?.step ?? null,
    fileBytes: Object.fromEntries(
      Object.entries(files).map(([name, content]) => [name, Buffer.byteLength(content)]),
    ),
  };
  await writeFolder(folder, { ...files, [FACTS_FILE]: JSON.stringify(facts, null, 2) });
}

/**
 * The facts of a checkpoint, also of an adapter that PEFT saved; null when the folder is none or a file of it is missing or
 * cut short.
 */
export function readCheckpointFacts(folder: string): CheckpointFacts | null {
  try {
    const file = path.join(folder, FACTS_FILE);
    if (!existsSync(file)) return foreignFacts(folder);
    const facts = factsSchema.parse(JSON.parse(readFileSync(file, "utf8")));
    const isWhole = Object.entries(facts.fileBytes).every(
      ([name, size]) => statSync(path.join(folder, name)).size === size,
    );
    return isWhole ? facts : null;
  } catch {
    return null;
  }
}

function foreignFacts(folder: string): CheckpointFacts {
  const { writtenAt, ...facts } = readPeftFacts(folder);
  return {
    ...facts,
    savedAt: new Date(writtenAt).toISOString(),
    steps: 0,
    loss: null,
    isNamed: true,
    optimizerStep: null,
    version: `${writtenAt}`,
  };
}

/** Names of the whole checkpoints in a folder of them. */
export function checkpointNames(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder).filter((name) => !name.startsWith("."));
}

/** @throws Error when the files are damaged */
export function readWeights(folder: string, facts: CheckpointFacts): AdapterTensors {
  const tensors: AdapterTensors["tensors"] = new Map();
  readTensors(path.join(folder, WEIGHTS_FILE), (name, shape, data) => {
    const [rows = 0, columns = 0] = shape;
    tensors.set(name, { shape: [rows, columns], data });
  });
  return { rank: facts.rank, alpha: facts.alpha, tensors };
}

/** The optimizer state; null when the checkpoint was saved without it. */
export function readOptimizer(folder: string, facts: CheckpointFacts): OptimizerTensors | null {
  if (facts.optimizerStep === null) return null;
  const optimizer: OptimizerTensors = {
    step: facts.optimizerStep,
    firstMoment: new Map(),
    secondMoment: new Map(),
  };
  readTensors(path.join(folder, OPTIMIZER_FILE), (name, _shape, data) => {
    if (name.startsWith(SECOND_MOMENT))
      optimizer.secondMoment.set(name.slice(SECOND_MOMENT.length), data);
    else optimizer.firstMoment.set(name.slice(FIRST_MOMENT.length), data);
  });
  return optimizer;
}

function readTensors(
  file: string,
  onTensor: (name: string, shape: number[], data: Float32Array) => void,
): void {
  const reader = new SafetensorsReader(file);
  try {
    for (const [name, { shape }] of reader.tensors) {
      const data = new Float32Array(shape.reduce((product, size) => product * size, 1));
      reader.read(name, data);
      onTensor(name, shape, data);
    }
  } finally {
    reader.close();
  }
}

function weightTensors({ tensors }: AdapterTensors): TensorToWrite[] {
  return [...tensors].map(([name, { shape, data }]) => ({ name, shape, data }));
}

function optimizerTensors(
  { tensors }: AdapterTensors,
  optimizer: OptimizerTensors,
): TensorToWrite[] {
  const named = (prefix: string, moments: Map<string, Float32Array>) =>
    [...moments].map(([name, data]) => ({
      name: prefix + name,
      shape: tensors.get(name)?.shape ?? [data.length],
      data,
    }));
  return [
    ...named(FIRST_MOMENT, optimizer.firstMoment),
    ...named(SECOND_MOMENT, optimizer.secondMoment),
  ];
}
