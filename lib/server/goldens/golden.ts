import { readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

import { SafetensorsReader } from "../engine/safetensors";
import type { AdamParams, AdapterTensors, LossConfig, LossName, TrainRow } from "../engine/types";

/** The models that `make.py` made goldens of. */
export const GOLDEN_MODELS = ["qwen2", "llama", "qwen3"] as const;
export type GoldenModel = (typeof GOLDEN_MODELS)[number];

export const GOLDEN_RANK = 4;
export const GOLDEN_ALPHA = 32;

/** What PyTorch computed with one model and its adapter; `golden.json` holds it with plain arrays. */
export interface Golden {
  rows: Required<TrainRow>[];
  logprobs: number[][];
  /** Without the adapter. */
  baseLogprobs: number[][];
  cases: Record<string, { loss: LossName; config: LossConfig; value: number }>;
  /** Training on the rows, every weight taken as positive. */
  curve: { adam: AdamParams; losses: number[]; gradNorms: number[] };
}

/** A Hugging Face folder with `adapter/`, as PEFT saved it, in it. */
export function goldenFolder(model: GoldenModel): string {
  return fileURLToPath(new URL(model, import.meta.url));
}

export function readGolden(model: GoldenModel): Golden {
  const text = readFileSync(path.join(goldenFolder(model), "golden.json"), "utf8");
  const golden = JSON.parse(text) as Golden;
  const rows = golden.rows.map((row) => ({
    tokens: Int32Array.from(row.tokens),
    targets: Int32Array.from(row.targets),
    weights: Float32Array.from(row.weights),
    oldLogprobs: Float32Array.from(row.oldLogprobs),
    advantages: Float32Array.from(row.advantages),
    refLogprobs: Float32Array.from(row.refLogprobs),
  }));
  return { ...golden, rows };
}

/** The tensors of a file in a golden's folder whose names begin with `prefix`, without it. */
export function readTensors(
  model: GoldenModel,
  file: string,
  prefix = "",
): AdapterTensors["tensors"] {
  const reader = new SafetensorsReader(path.join(goldenFolder(model), file));
  const tensors: AdapterTensors["tensors"] = new Map();
  for (const [name, { shape }] of reader.tensors) {
    if (!name.startsWith(prefix)) continue;
    const [rows = 0, columns = 0] = shape;
    const data = new Float32Array(rows * columns);
    reader.read(name, data);
    tensors.set(name.slice(prefix.length), { shape: [rows, columns], data });
  }
  reader.close();
  return tensors;
}
