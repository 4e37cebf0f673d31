import type { AdapterView } from "./adapter-layout";
import type { LinearName } from "./base-layout";
import {
  attendChunk,
  attendSequences,
  type AttentionRows,
  type SequenceCaches,
} from "./cached-attention";
import { roundUp, type Compute } from "./compute";
import type { Decoder } from "./decoder";
import { storeKeysAndValues, type KeyValueCache } from "./key-value-cache";
import { LogitRow } from "./logit-row";
import { forwardPanels, linearForward, loraOperand } from "./linear";
import { normForward, normHeads } from "./norm";
import type { Pause } from "./task-queue";

/** Sequences decoded at once, and positions scored at once. */
export const DECODE_ROWS = 32;

/** A sequence whose next position holds `token`. */
export interface DecodeRow extends SequenceCaches {
  token: number;
}

interface LayerRows extends AttentionRows {
  k: number;
  v: number;
}

/** How the new rows of a layer meet the positions before them. */
interface LayerCache {
  store: (rows: LayerRows) => void;
  /** Whether the positions before them are stored too. */
  isReady: (layer: number) => boolean;
  attend: (rows: LayerRows) => void;
}

/** A piece of a prompt. */
export interface PromptChunk {
  tokens: Int32Array;
  /** Ends where the piece begins. */
  cache: KeyValueCache;
  /** Called when a layer of this piece is stored. */
  onStored: (layer: number) => void;
  /** Whether a layer of the pieces before this one is stored. */
  isReady: (layer: number) => boolean;
}

/**
 * Appends tokens to a sequence and returns the normalised hidden states [M, hiddenSize] after them, or -1 when only
 * the cache is wanted. Allocations stay in `compute`'s arena; the caller releases them. Yields after every layer.
 */
export function appendChunk(
  decoder: Decoder,
  compute: Compute,
  { tokens, cache, onStored, isReady }: PromptChunk,
  adapter: AdapterView | null,
  isHiddenWanted: boolean,
): Generator<Pause, number> {
  const { config } = decoder;
  const M = tokens.length;
  const positions = Int32Array.from({ length: M }, (_, m) => cache.length + m);
  return runLayers(decoder, compute, tokens, positions, adapter, isHiddenWanted, {
    store: ({ layer, k, v }) => {
      storeKeysAndValues(compute, config, cache, layer, k, v, M);
      onStored(layer);
    },
    isReady,
    attend: (rows) => attendChunk(compute, config, cache, rows, M),
  });
}

/**
 * One position each of several sequences: stores its token's keys and values behind the tail, whose length stays, and
 * returns the logits [rows, V rounded up to 8]. Rows of one sequence follow each other, each with a longer tail. A row's logits do not depend on the other rows. Allocations stay in `compute`'s arena.
 */
export function decodeRows(
  decoder: Decoder,
  compute: Compute,
  rows: readonly DecodeRow[],
  adapter: AdapterView | null,
): number {
  const { config } = decoder;
  const tokens = Int32Array.from(rows, ({ token }) => token);
  const positions = Int32Array.from(rows, ({ prefix, tail }) => prefix.length + tail.length);
  const kvRow = config.kvHeadCount * config.headDim;
  const steps = runLayers(decoder, compute, tokens, positions, adapter, true, {
    store: ({ layer, k, v }) => {
      for (const [m, { tail }] of rows.entries())
        storeKeysAndValues(compute, config, tail, layer, k + m * kvRow, v + m * kvRow, 1);
    },
    isReady: () => true,
    attend: (operands) => attendSequences(compute, config, rows, operands),
  });
  let step = steps.next();
  while (!step.done) step = steps.next();
  return logitsOf(decoder, compute, step.value, rows.length);
}

/** Logits [M, V rounded up to 8] of normalised hidden states [M, hiddenSize]. */
export function logitsOf(decoder: Decoder, compute: Compute, hidden: number, M: number): number {
  const { head } = decoder.layout;
  const padded = roundUp(head.outputs, 8);
  const logits = compute.allocate(M * padded);
  const mark = compute.mark();
  const source = { at: hidden, row: head.inputs, column: 1 };
  const panels = forwardPanels(compute, head);
  compute.multiply(source, panels, logits, padded, M, padded, head.inputs, false);
  compute.release(mark);
  return logits;
}

/** One row of {@link logitsOf}. */
export function logitRow(decoder: Decoder, compute: Compute, logits: number, m: number): LogitRow {
  const { outputs } = decoder.layout.head;
  return new LogitRow(compute, logits + m * roundUp(outputs, 8), outputs);
}

function* runLayers(
  decoder: Decoder,
  compute: Compute,
  tokens: Int32Array,
  positions: Int32Array,
  adapter: AdapterView | null,
  isHiddenWanted: boolean,
  cache: LayerCache,
): Generator<Pause, number> {
  const { config, layout } = decoder;
  const { hiddenSize: size, headCount, kvHeadCount, headDim, intermediateSize } = config;
  const M = tokens.length;
  const x = decoder.embed(tokens, compute);
  const normed = compute.allocate(M * size);
  const inverse = compute.allocate(M);
  const norm = (weight: number) =>
    normForward(compute, x, weight, normed, inverse, M, size, config.rmsNormEps);
  for (const [index, layer] of layout.layers.entries()) {
    const mark = compute.mark();
    const apply = (name: LinearName, input: number) => {
      const lora = adapter ? loraOperand(adapter, index, name) : null;
      return linearForward(compute, layer.linears[name], input, M, lora).output;
    };
    norm(layer.inputNorm.at);
    const k = apply("k_proj", normed);
    const v = apply("v_proj", normed);
    normHeads(compute, k, layer.keyNorm, M * kvHeadCount, config.rmsNormEps);
    decoder.rope.rotate(compute, k, kvHeadCount, positions, 1);
    const isLast = index === layout.layers.length - 1;
    const q = isLast && !isHiddenWanted ? -1 : apply("q_proj", normed);
    const rows = { layer: index, q, k, v, out: -1 };
    cache.store(rows);
    if (q < 0) return -1;
    normHeads(compute, q, layer.queryNorm, M * headCount, config.rmsNormEps);
    decoder.rope.rotate(compute, q, headCount, positions, 1);
    rows.out = compute.allocate(M * headCount * headDim);
    while (!cache.isReady(index)) yield "waiting";
    cache.attend(rows);
    compute.add(x, x, apply("o_proj", rows.out), M * size);
    norm(layer.postNorm.at);
    const gate = apply("gate_proj", normed);
    const up = apply("up_proj", normed);
    const sigmoid = compute.allocate(M * intermediateSize);
    compute.kernels.siluMultiply(gate * 4, up * 4, sigmoid * 4, gate * 4, M * intermediateSize);
    compute.add(x, x, apply("down_proj", gate), M * size);
    compute.release(mark);
    yield "going";
  }
  norm(layout.finalNorm.at);
  return normed;
}
