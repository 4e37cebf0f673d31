import { existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";

import { SafetensorsReader } from "./safetensors";

export const WEIGHTS_FILE = "model.safetensors";
export const INDEX_FILE = "model.safetensors.index.json";

/** The tensors of a Hugging Face folder, in one `model.safetensors` or in the shards that its index names. */
export class WeightFiles {
  private readonly directory: string;
  private readonly readers = new Map<string, SafetensorsReader>();
  /** The shard of each tensor; null when there is one file. */
  private readonly shards: ReadonlyMap<string, string> | null;

  /** @throws Error naming the file that is missing or malformed */
  constructor(directory: string) {
    this.directory = directory;
    this.shards = existsSync(join(directory, WEIGHTS_FILE)) ? null : readIndex(directory);
  }

  /**
   * Numbers `first` to `first + target.length` of a tensor of this shape, converted to 32-bit floats.
   *
   * @throws Error naming the tensor when it is missing or has another shape
   */
  read(name: string, shape: readonly number[], target: Float32Array, first = 0): void {
    const shard = this.shards ? this.shards.get(name) : WEIGHTS_FILE;
    if (shard === undefined)
      throw new Error(`${this.path(INDEX_FILE)}: the tensor "${name}" is missing.`);
    const reader = this.reader(shard);
    const found = reader.tensors.get(name);
    if (!found) throw new Error(`${this.path(shard)}: the tensor "${name}" is missing.`);
    if (found.shape.join() !== shape.join()) {
      throw new Error(
        `${this.path(shard)}: "${name}" has shape [${found.shape.join(", ")}] where config.json asks for [${shape.join(", ")}].`,
      );
    }
    reader.read(name, target, first);
  }

  /** @throws Error naming the file that is missing, cut short or in another format */
  openAll(): void {
    for (const shard of this.shards?.values() ?? [WEIGHTS_FILE]) this.reader(shard);
  }

  close(): void {
    for (const reader of this.readers.values()) reader.close();
  }

  private reader(shard: string): SafetensorsReader {
    const open = this.readers.get(shard);
    if (open) return open;
    if (!existsSync(this.path(shard)))
      throw new Error(`${this.directory} has no ${shard}, which ${INDEX_FILE} names.`);
    const reader = new SafetensorsReader(this.path(shard));
    this.readers.set(shard, reader);
    return reader;
  }

  private path(file: string): string {
    return join(this.directory, file);
  }
}

/**
 * Opens every weight file of a folder without reading the weights.
 *
 * @throws Error naming the file that is missing, cut short or in another format
 */
export function checkWeightFiles(directory: string): void {
  const files = new WeightFiles(directory);
  try {
    files.openAll();
  } finally {
    files.close();
  }
}

function readIndex(directory: string): Map<string, string> {
  const path = join(directory, INDEX_FILE);
  if (!existsSync(path))
    throw new Error(`${directory} has no ${WEIGHTS_FILE} and no ${INDEX_FILE}.`);
  let index: { weight_map?: unknown } | null;
  try {
    index = JSON.parse(readFileSync(path, "utf8")) as typeof index;
  } catch (cause) {
    throw new Error(`${path} is not valid JSON.`, { cause });
  }
  const files = new Map(Object.entries(index?.weight_map ?? {}));
  if (files.size === 0) throw new Error(`${path} has no weight_map.`);
  for (const file of files.values()) {
    if (typeof file !== "string" || basename(file) !== file || !file.endsWith(".safetensors"))
      throw new Error(
        `${path}: "${String(file)}" is not the name of a safetensors file beside it.`,
      );
  }
  return files as Map<string, string>;
}
