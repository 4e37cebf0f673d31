import { roundUp, rowMajorPanels, type Compute, type Panels } from "./compute";
import type { ModelConfig } from "./types";

/** Rows of several sequences laid end to end, without padding. */
export interface SequenceSpan {
  first: number;
  length: number;
}

/** Queries [M, heads, headDim], keys and values [M, kvHeads, headDim]. */
export interface AttentionOperands {
  q: number;
  k: number;
  v: number;
}

/** Rows of scores worked on at once. A block leaves out the columns that causality hides from all of it. */
const BLOCK = 32;

interface Block {
  first: number;
  rows: number;
  /** The last row's last column, rounded up to 8. */
  end: number;
}

/** One head of one sequence: where its rows are in the queries (and outputs) and in the keys and values. */
interface HeadSpan {
  length: number;
  padded: number;
  queryAt: number;
  kvAt: number;
}

/** out[M, heads, headDim] = causal attention inside each span. */
export function attentionForward(
  compute: Compute,
  config: ModelConfig,
  spans: readonly SequenceSpan[],
  { q, k, v }: AttentionOperands,
  out: number,
): void {
  const { headDim, qRow, kvRow } = rowWords(config);
  for (const span of headSpans(config, spans)) {
    const mark = compute.mark();
    const probability = compute.allocate(Math.min(span.length, BLOCK) * span.padded);
    const keys = packTransposed(compute, k + span.kvAt, kvRow, span.length, headDim);
    const values = rowMajorPanels(v + span.kvAt, kvRow);
    for (const block of blocks(span.length)) {
      const queryAt = span.queryAt + block.first * qRow;
      probabilities(compute, config, span, block, q + queryAt, keys, probability);
      const weights = { at: probability, row: span.padded, column: 1 };
      const seen = block.first + block.rows;
      compute.multiply(weights, values, out + queryAt, qRow, block.rows, headDim, seen, false);
    }
    compute.release(mark);
  }
}

/** Writes the gradient of the queries and adds those of keys and values, which several heads share. */
export function attentionBackward(
  compute: Compute,
  config: ModelConfig,
  spans: readonly SequenceSpan[],
  { q, k, v }: AttentionOperands,
  outGradient: number,
  gradients: AttentionOperands,
): void {
  const { headDim, qRow, kvRow, scale } = rowWords(config);
  for (const span of headSpans(config, spans)) {
    const { length, padded, queryAt, kvAt } = span;
    const mark = compute.mark();
    const probability = compute.allocate(length * padded);
    const scores = compute.allocate(length * padded);
    const packedKeys = packTransposed(compute, k + kvAt, kvRow, length, headDim);
    const values = packTransposed(compute, v + kvAt, kvRow, length, headDim);
    const keys = rowMajorPanels(k + kvAt, kvRow);
    for (const block of blocks(length)) {
      const { first, rows, end } = block;
      const at = first * padded;
      const rowsAt = queryAt + first * qRow;
      probabilities(compute, config, span, block, q + rowsAt, packedKeys, probability + at);
      const out = { at: outGradient + rowsAt, row: qRow, column: 1 };
      compute.multiply(out, values, scores + at, padded, rows, end, headDim, false);
      compute.softmaxBackward(probability + at, scores + at, padded, rows, end, scale);
      const weights = { at: scores + at, row: padded, column: 1 };
      const target = gradients.q + rowsAt;
      compute.multiply(weights, keys, target, qRow, rows, headDim, first + rows, false);
    }
    for (const { first, rows } of blocks(length)) {
      const corner = first * padded + first;
      const seen = length - first;
      const target = kvAt + first * kvRow;
      const addSeen = (matrix: number, source: number, sum: number) => {
        const transposed = { at: matrix + corner, row: 1, column: padded };
        const panels = rowMajorPanels(source + queryAt + first * qRow, qRow);
        compute.multiply(transposed, panels, sum + target, kvRow, rows, headDim, seen, true);
      };
      addSeen(probability, outGradient, gradients.v);
      addSeen(scores, q, gradients.k);
    }
    compute.release(mark);
  }
}

/** The probabilities of one block of rows, with zeros where causality hides something, up to the block's end. */
function probabilities(
  compute: Compute,
  config: ModelConfig,
  { padded }: HeadSpan,
  { first, rows, end }: Block,
  q: number,
  keys: Panels,
  target: number,
): void {
  const { headDim, qRow, scale } = rowWords(config);
  const queries = { at: q, row: qRow, column: 1 };
  compute.multiply(queries, keys, target, padded, rows, end, headDim, false);
  compute.softmaxRows(target, padded, rows, first + 1, end, scale);
}

function rowWords({ headCount, kvHeadCount, headDim }: ModelConfig) {
  const scale = 1 / Math.sqrt(headDim);
  return { headDim, qRow: headCount * headDim, kvRow: kvHeadCount * headDim, scale };
}

function headSpans(
  { headCount, kvHeadCount, headDim }: ModelConfig,
  spans: readonly SequenceSpan[],
): HeadSpan[] {
  return spans.flatMap(({ first, length }) =>
    Array.from({ length: headCount }, (_, head) => ({
      length,
      padded: roundUp(length, 8),
      queryAt: (first * headCount + head) * headDim,
      kvAt: (first * kvHeadCount + Math.floor((head * kvHeadCount) / headCount)) * headDim,
    })),
  );
}

function blocks(length: number): Block[] {
  return Array.from({ length: Math.ceil(length / BLOCK) }, (_, index) => {
    const first = index * BLOCK;
    const rows = Math.min(BLOCK, length - first);
    return { first, rows, end: roundUp(first + rows, 8) };
  });
}

/** The transpose of one head's rows [T, headDim], with the columns past T set to 0. */
function packTransposed(
  compute: Compute,
  at: number,
  rowWords: number,
  length: number,
  headDim: number,
) {
  const whole = length - (length % 8);
  const padded = roundUp(length, 8);
  const target = compute.allocate(padded * headDim);
  if (whole > 0) compute.packInto(target, { at, row: 1, column: rowWords }, whole, headDim);
  if (whole < length) {
    const { f32 } = compute;
    const panel = target + whole * headDim;
    f32.fill(0, panel, panel + 8 * headDim);
    for (let lane = 0; lane < length - whole; lane++) {
      const row = at + (whole + lane) * rowWords;
      for (let j = 0; j < headDim; j++) f32[panel + 8 * j + lane] = f32[row + j]!;
    }
  }
  return { at: target, row: 8, panel: headDim * 8 };
}
