import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";

import { SafetensorsReader } from "../engine/safetensors";

export const WEIGHTS_FILE = "model.safetensors";
export const INDEX_FILE = "model.safetensors.index.json";

const indexSchema = z.looseObject({ weight_map: z.record(z.string(), z.string()) });

/**
 * Opens every weight file of a model folder without reading the weights.
 *
 * @throws Error naming the file that is missing, cut short or in another format
 */
export function checkWeightFiles(directory: string): void {
  for (const file of weightFiles(directory)) {
    const full = path.join(directory, file);
    if (!existsSync(full)) throw new Error(`${directory} has no ${file}.`);
    new SafetensorsReader(full).close();
  }
}

function weightFiles(directory: string): string[] {
  const index = path.join(directory, INDEX_FILE);
  if (existsSync(path.join(directory, WEIGHTS_FILE)) || !existsSync(index)) return [WEIGHTS_FILE];
  return shardNames(readFileSync(index, "utf8"));
}

/**
 * The files that an index of sharded weights names.
 *
 * @throws Error when it is malformed or names a file outside the folder
 */
export function shardNames(text: string): string[] {
  const parsed = indexSchema.safeParse(parseJson(text));
  if (!parsed.success) throw new Error(`${INDEX_FILE} is malformed.`);
  const names = [...new Set(Object.values(parsed.data.weight_map))];
  const foreign = names.find((name) => path.basename(name) !== name);
  if (foreign !== undefined)
    throw new Error(`${INDEX_FILE} names "${foreign}", which is no file beside it.`);
  return names;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
