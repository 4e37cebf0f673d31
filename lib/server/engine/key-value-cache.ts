import { densePanels, roundUp, type Compute, type Panels } from "./compute";
import type { ModelConfig } from "./types";

/**
 * Keys and values of neighbouring positions of a sequence, for every layer. Keys are kept transposed in panels of
 * eight positions, values in panels of eight dimensions, so that both products of attention are products with panels.
 */
export interface KeyValueCache {
  at: number;
  /** Positions it has room for, a multiple of 8. */
  capacity: number;
  length: number;
}

export function cacheWords(config: ModelConfig, positions: number): number {
  return 2 * config.layerCount * config.kvHeadCount * config.headDim * roundUp(positions, 8);
}

/** Keys of one head as panels over positions. */
export function keyPanels(
  config: ModelConfig,
  cache: KeyValueCache,
  layer: number,
  head: number,
): Panels {
  return densePanels(headAt(config, cache, layer, head), config.headDim);
}

/** Values of one head as panels over dimensions. */
export function valuePanels(
  config: ModelConfig,
  cache: KeyValueCache,
  layer: number,
  head: number,
): Panels {
  return densePanels(headAt(config, cache, layer, config.kvHeadCount + head), cache.capacity);
}

/** Writes the keys and values [M, kvHeadCount, headDim] of one layer behind the cache's length, which stays. */
export function storeKeysAndValues(
  compute: Compute,
  config: ModelConfig,
  cache: KeyValueCache,
  layer: number,
  k: number,
  v: number,
  M: number,
): void {
  const { kvHeadCount, headDim } = config;
  const row = kvHeadCount * headDim;
  // Of keys, a panel holds eight positions: whole ones are packed at once.
  const packed = cache.length % 8 === 0 ? M - (M % 8) : 0;
  for (let head = 0; head < kvHeadCount; head++) {
    const values = headAt(config, cache, layer, kvHeadCount + head) + cache.length * 8;
    const valueRows = { at: v + head * headDim, row, column: 1 };
    compute.packInto(values, valueRows, headDim, M, cache.capacity * 8);

    const keys = headAt(config, cache, layer, head);
    const at = k + head * headDim;
    const keyColumns = { at, row: 1, column: row };
    compute.packInto(keys + cache.length * headDim, keyColumns, packed, headDim);
    for (let m = packed; m < M; m++) {
      const position = cache.length + m;
      const target = keys + (position >> 3) * headDim * 8 + (position & 7);
      for (let j = 0; j < headDim; j++)
        compute.f32[target + 8 * j] = compute.f32[at + m * row + j]!;
    }
  }
}

function headAt(
  { kvHeadCount, headDim }: ModelConfig,
  { at, capacity }: KeyValueCache,
  layer: number,
  head: number,
): number {
  return at + (layer * 2 * kvHeadCount + head) * headDim * capacity;
}
