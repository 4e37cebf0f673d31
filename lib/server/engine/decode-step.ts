import type { AdapterView } from "./adapter-layout";
import type { LinearName } from "./base-layout";
import { densePanels, roundUp, type Compute } from "./compute";
import type { Decoder } from "./decoder";
import { forwardPanels, linearForward, loraOperand } from "./linear";
import { normForward } from "./norm";
import type { ModelConfig } from "./types";

/**
 * Keys and values of one sequence. Keys are kept transposed in panels of eight positions, values in panels of eight
 * dimensions, so that both products of attention are products with panels.
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

/**
 * Appends tokens to a sequence and returns the normalised hidden states [M, hiddenSize] after them. Allocations stay
 * in `compute`'s arena; the caller releases them.
 */
export function decodeChunk(
  decoder: Decoder,
  compute: Compute,
  tokens: ArrayLike<number>,
  cache: KeyValueCache,
  adapter: AdapterView | null,
): number {
  const { config, layout } = decoder;
  const {
    hiddenSize: size,
    headCount,
    kvHeadCount,
    headDim,
    intermediateSize,
    rmsNormEps,
  } = config;
  const M = tokens.length;
  const positions = Int32Array.from({ length: M }, (_, m) => cache.length + m);
  const x = decoder.embed(tokens, compute);
  const normed = compute.allocate(M * size);
  const inverse = compute.allocate(M);
  const scores = compute.allocate(cache.capacity);
  for (const [index, layer] of layout.layers.entries()) {
    const mark = compute.mark();
    const apply = (name: LinearName, input: number) => {
      const lora = adapter ? loraOperand(adapter, index, name) : null;
      return linearForward(compute, layer.linears[name], input, M, lora).output;
    };
    normForward(compute, x, layer.inputNorm.at, normed, inverse, M, size, rmsNormEps);
    const q = apply("q_proj", normed);
    const k = apply("k_proj", normed);
    const v = apply("v_proj", normed);
    decoder.rope.rotate(compute, q, headCount, positions, 1);
    decoder.rope.rotate(compute, k, kvHeadCount, positions, 1);
    const layerCache = cache.at + index * 2 * kvHeadCount * headDim * cache.capacity;
    store(compute.f32, config, cache, layerCache, k, v, M);
    const attended = compute.allocate(M * headCount * headDim);
    attend(compute, config, cache, layerCache, q, attended, M, scores);
    compute.add(x, x, apply("o_proj", attended), M * size);
    normForward(compute, x, layer.postNorm.at, normed, inverse, M, size, rmsNormEps);
    const gate = apply("gate_proj", normed);
    const up = apply("up_proj", normed);
    const sigmoid = compute.allocate(M * intermediateSize);
    compute.kernels.siluMultiply(gate * 4, up * 4, sigmoid * 4, gate * 4, M * intermediateSize);
    compute.add(x, x, apply("down_proj", gate), M * size);
    compute.release(mark);
  }
  cache.length += M;
  normForward(compute, x, layout.finalNorm.at, normed, inverse, M, size, rmsNormEps);
  return normed;
}

/** Logits [V] of one normalised hidden state, as a view that the next call may overwrite. */
export function logitsOf(decoder: Decoder, compute: Compute, hidden: number): Float32Array {
  const { head } = decoder.layout;
  const padded = roundUp(head.outputs, 8);
  const logits = compute.allocate(padded);
  const source = { at: hidden, row: head.inputs, column: 1 };
  compute.multiply(
    source,
    forwardPanels(compute, head),
    logits,
    padded,
    1,
    padded,
    head.inputs,
    false,
  );
  return compute.f32.subarray(logits, logits + head.outputs);
}

function store(
  f32: Float32Array,
  config: ModelConfig,
  cache: KeyValueCache,
  at: number,
  k: number,
  v: number,
  M: number,
): void {
  const { kvHeadCount, headDim } = config;
  const headWords = headDim * cache.capacity;
  for (let m = 0; m < M; m++) {
    const position = cache.length + m;
    for (let head = 0; head < kvHeadCount; head++) {
      const source = (m * kvHeadCount + head) * headDim;
      const keys = at + head * headWords + (position >> 3) * headDim * 8 + (position & 7);
      const values = at + (kvHeadCount + head) * headWords + position * 8;
      for (let j = 0; j < headDim; j++) {
        f32[keys + 8 * j] = f32[k + source + j]!;
        f32[values + (j >> 3) * cache.capacity * 8 + (j & 7)] = f32[v + source + j]!;
      }
    }
  }
}

function attend(
  compute: Compute,
  config: ModelConfig,
  cache: KeyValueCache,
  at: number,
  q: number,
  out: number,
  M: number,
  scores: number,
): void {
  const { headCount, kvHeadCount, headDim } = config;
  const headWords = headDim * cache.capacity;
  for (let m = 0; m < M; m++) {
    const length = cache.length + m + 1;
    for (let head = 0; head < headCount; head++) {
      const kvHead = Math.floor((head * kvHeadCount) / headCount);
      const row = (m * headCount + head) * headDim;
      const keys = densePanels(at + kvHead * headWords, headDim);
      const query = { at: q + row, row: headDim, column: 1 };
      compute.multiply(query, keys, scores, cache.capacity, 1, roundUp(length, 8), headDim, false);
      softmax(compute, scores, length, 1 / Math.sqrt(headDim));
      const values = densePanels(at + (kvHeadCount + kvHead) * headWords, cache.capacity);
      const weights = { at: scores, row: cache.capacity, column: 1 };
      compute.multiply(weights, values, out + row, headDim, 1, headDim, length, false);
    }
  }
}

function softmax(compute: Compute, scores: number, length: number, scale: number): void {
  const { f32 } = compute;
  let largest = -Infinity;
  for (let j = 0; j < length; j++) {
    const score = f32[scores + j]! * scale;
    f32[scores + j] = score;
    if (score > largest) largest = score;
  }
  compute.exp(scores, scores, length, largest);
  let sum = 0;
  for (let j = 0; j < length; j++) sum += f32[scores + j]!;
  const inverse = 1 / sum;
  for (let j = 0; j < length; j++) f32[scores + j]! *= inverse;
}
