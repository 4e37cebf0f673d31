import { roundUp, type Compute } from "./compute";
import { keyPanels, valuePanels, type KeyValueCache } from "./key-value-cache";
import type { ModelConfig } from "./types";

/** One layer's queries and results, both [M, headCount, headDim]. */
export interface AttentionRows {
  layer: number;
  q: number;
  out: number;
}

/** What one new token of a sequence looks back on. */
export interface SequenceCaches {
  /** May be shared with other sequences. */
  prefix: KeyValueCache;
  tail: KeyValueCache;
}

/**
 * Causal attention of M new positions of one sequence, whose keys and values are already stored behind the cache's
 * length. A row's result does not depend on how many rows come with it.
 */
export function attendChunk(
  compute: Compute,
  config: ModelConfig,
  cache: KeyValueCache,
  { layer, q, out }: AttentionRows,
  M: number,
): void {
  const { headCount, kvHeadCount, headDim } = config;
  const row = headCount * headDim;
  const length = cache.length + M;
  const width = roundUp(length, 8);
  const mark = compute.mark();
  const scores = compute.allocate(M * width);
  const scale = 1 / Math.sqrt(headDim);
  for (let head = 0; head < headCount; head++) {
    const kvHead = Math.floor((head * kvHeadCount) / headCount);
    const queries = { at: q + head * headDim, row, column: 1 };
    const keys = keyPanels(config, cache, layer, kvHead);
    compute.multiply(queries, keys, scores, width, M, width, headDim, false);
    compute.softmaxRows(scores, width, M, cache.length + 1, width, scale);
    const weights = { at: scores, row: width, column: 1 };
    const values = valuePanels(config, cache, layer, kvHead);
    compute.multiply(weights, values, out + head * headDim, row, M, headDim, length, false);
  }
  compute.release(mark);
}

/**
 * Attention of one new position of each sequence, whose keys and values are already stored behind its tail's length.
 * Neighbours with the same prefix read it together.
 */
export function attendSequences(
  compute: Compute,
  config: ModelConfig,
  sequences: readonly SequenceCaches[],
  { layer, q, out }: AttentionRows,
): void {
  const row = config.headCount * config.headDim;
  let first = 0;
  while (first < sequences.length) {
    const { at } = sequences[first]!.prefix;
    let end = first + 1;
    while (end < sequences.length && sequences[end]!.prefix.at === at) end++;
    const rows = { layer, q: q + first * row, out: out + first * row };
    attendSharers(compute, config, sequences.slice(first, end), rows);
    first = end;
  }
}

function attendSharers(
  compute: Compute,
  config: ModelConfig,
  sequences: readonly SequenceCaches[],
  { layer, q, out }: AttentionRows,
): void {
  const { headCount, kvHeadCount, headDim } = config;
  const { prefix } = sequences[0]!;
  const shared = prefix.length;
  const longest = Math.max(...sequences.map(({ tail }) => tail.length + 1));
  const width = roundUp(shared + roundUp(longest, 8), 8);
  const M = sequences.length;
  const row = headCount * headDim;
  const scale = 1 / Math.sqrt(headDim);
  const mark = compute.mark();
  const scores = compute.allocate(M * width);
  for (let head = 0; head < headCount; head++) {
    const kvHead = Math.floor((head * kvHeadCount) / headCount);
    const queries = { at: q + head * headDim, row, column: 1 };
    const target = out + head * headDim;
    const sharedKeys = keyPanels(config, prefix, layer, kvHead);
    // Writes up to seven columns too many, which the tail's scores then replace.
    compute.multiply(queries, sharedKeys, scores, width, M, roundUp(shared, 8), headDim, false);
    for (const [m, { tail }] of sequences.entries()) {
      const length = tail.length + 1;
      const at = scores + m * width;
      const keys = keyPanels(config, tail, layer, kvHead);
      const query = { at: queries.at + m * row, row, column: 1 };
      compute.multiply(query, keys, at + shared, width, 1, roundUp(length, 8), headDim, false);
      compute.softmaxRows(at, width, 1, shared + length, roundUp(shared + length, 8), scale);
    }
    const weights = { at: scores, row: width, column: 1 };
    const sharedValues = valuePanels(config, prefix, layer, kvHead);
    compute.multiply(weights, sharedValues, target, row, M, headDim, shared, false);
    for (const [m, { tail }] of sequences.entries()) {
      const own = { at: scores + m * width + shared, row: width, column: 1 };
      const values = valuePanels(config, tail, layer, kvHead);
      const at = target + m * row;
      compute.multiply(own, values, at, row, 1, headDim, tail.length + 1, shared > 0);
    }
  }
  compute.release(mark);
}
