import { densePanels, roundUp, type Panels } from "./compute";
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
  f32: Float32Array,
  config: ModelConfig,
  cache: KeyValueCache,
  layer: number,
  k: number,
  v: number,
  M: number,
): void {
  const { kvHeadCount, headDim } = config;
  for (let head = 0; head < kvHeadCount; head++) {
    const keys = headAt(config, cache, layer, head);
    const values = headAt(config, cache, layer, kvHeadCount + head);
    for (let m = 0; m < M; m++) {
      const position = cache.length + m;
      const source = (m * kvHeadCount + head) * headDim;
      const key = keys + (position >> 3) * headDim * 8 + (position & 7);
      const value = values + position * 8;
      for (let j = 0; j < headDim; j++) {
        f32[key + 8 * j] = f32[k + source + j]!;
        f32[value + (j >> 3) * cache.capacity * 8 + (j & 7)] = f32[v + source + j]!;
      }
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
