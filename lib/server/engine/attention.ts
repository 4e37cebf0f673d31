import { roundUp, rowMajorPanels, type Compute } from "./compute";
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

/**
 * out[M, heads, headDim] = causal attention inside each span. Returns the probabilities, one matrix [T, T rounded
 * up to 8] for each span and head in that order.
 */
export function attentionForward(
  compute: Compute,
  config: ModelConfig,
  spans: readonly SequenceSpan[],
  { q, k, v }: AttentionOperands,
  out: number,
): number[] {
  const { headCount, kvHeadCount, headDim } = config;
  const [qRow, kvRow] = [headCount * headDim, kvHeadCount * headDim];
  const probabilities: number[] = [];
  for (const { first, length } of spans) {
    const padded = roundUp(length, 8);
    for (let head = 0; head < headCount; head++) {
      const queryAt = first * qRow + head * headDim;
      const kvAt = first * kvRow + Math.floor((head * kvHeadCount) / headCount) * headDim;
      const probability = compute.allocate(length * padded);
      probabilities.push(probability);
      const mark = compute.mark();
      const keys = packTransposed(compute, k + kvAt, kvRow, length, headDim);
      const queries = { at: q + queryAt, row: qRow, column: 1 };
      compute.multiply(queries, keys, probability, padded, length, padded, headDim, false);
      causalSoftmax(compute, probability, length, padded, 1 / Math.sqrt(headDim));
      const weights = { at: probability, row: padded, column: 1 };
      compute.multiply(
        weights,
        rowMajorPanels(v + kvAt, kvRow),
        out + queryAt,
        qRow,
        length,
        headDim,
        length,
        false,
      );
      compute.release(mark);
    }
  }
  return probabilities;
}

/** Adds the gradients of {@link attentionForward} to `gradients`. */
export function attentionBackward(
  compute: Compute,
  config: ModelConfig,
  spans: readonly SequenceSpan[],
  { q, k, v }: AttentionOperands,
  probabilities: readonly number[],
  outGradient: number,
  gradients: AttentionOperands,
): void {
  const { headCount, kvHeadCount, headDim } = config;
  const [qRow, kvRow] = [headCount * headDim, kvHeadCount * headDim];
  let index = 0;
  for (const { first, length } of spans) {
    const padded = roundUp(length, 8);
    for (let head = 0; head < headCount; head++) {
      const queryAt = first * qRow + head * headDim;
      const kvAt = first * kvRow + Math.floor((head * kvHeadCount) / headCount) * headDim;
      const probability = probabilities[index++]!;
      const mark = compute.mark();
      const scores = compute.allocate(length * padded);
      const values = packTransposed(compute, v + kvAt, kvRow, length, headDim);
      const out = { at: outGradient + queryAt, row: qRow, column: 1 };
      compute.multiply(out, values, scores, padded, length, padded, headDim, false);
      const weightsT = { at: probability, row: 1, column: padded };
      const outPanels = rowMajorPanels(outGradient + queryAt, qRow);
      compute.multiply(
        weightsT,
        outPanels,
        gradients.v + kvAt,
        kvRow,
        length,
        headDim,
        length,
        true,
      );
      softmaxBackward(compute.f32, probability, scores, length, padded, 1 / Math.sqrt(headDim));
      const scoreRows = { at: scores, row: padded, column: 1 };
      compute.multiply(
        scoreRows,
        rowMajorPanels(k + kvAt, kvRow),
        gradients.q + queryAt,
        qRow,
        length,
        headDim,
        length,
        true,
      );
      const scoresT = { at: scores, row: 1, column: padded };
      const queryPanels = rowMajorPanels(q + queryAt, qRow);
      compute.multiply(
        scoresT,
        queryPanels,
        gradients.k + kvAt,
        kvRow,
        length,
        headDim,
        length,
        true,
      );
      compute.release(mark);
    }
  }
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

function causalSoftmax(
  compute: Compute,
  scores: number,
  length: number,
  padded: number,
  scale: number,
): void {
  const { f32 } = compute;
  for (let t = 0; t < length; t++) {
    const row = scores + t * padded;
    let largest = -Infinity;
    for (let j = 0; j <= t; j++) {
      const score = f32[row + j]! * scale;
      f32[row + j] = score;
      if (score > largest) largest = score;
    }
    compute.exp(row, row, t + 1, largest);
    let sum = 0;
    for (let j = 0; j <= t; j++) sum += f32[row + j]!;
    const inverse = 1 / sum;
    for (let j = 0; j <= t; j++) f32[row + j]! *= inverse;
    f32.fill(0, row + t + 1, row + padded);
  }
}

/** Turns the gradient of probabilities into that of unscaled scores, in place. */
function softmaxBackward(
  f32: Float32Array,
  probability: number,
  grad: number,
  length: number,
  padded: number,
  scale: number,
): void {
  for (let t = 0; t < length; t++) {
    const p = probability + t * padded;
    const g = grad + t * padded;
    let dot = 0;
    for (let j = 0; j <= t; j++) dot += f32[p + j]! * f32[g + j]!;
    for (let j = 0; j <= t; j++) f32[g + j] = f32[p + j]! * (f32[g + j]! - dot) * scale;
    f32.fill(0, g + t + 1, g + padded);
  }
}
