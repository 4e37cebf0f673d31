import type { AdapterView } from "./adapter-layout";
import type { LinearName, Matrix } from "./base-layout";
import { HALF_PANEL_WIDTH } from "./half-panels";
import {
  denseHalfPanels,
  densePanels,
  rowMajorPanels,
  roundUp,
  unpackedColumns,
  type Compute,
  type Panels,
} from "./compute";

/** What the backward direction of one adapted matrix needs from the forward direction. */
export interface LinearRecord {
  input: number;
  /** `scale * input * A^T`, or -1 without an adapter. */
  projected: number;
}

/** One pair of an adapter with absolute positions. */
interface LoraOperand {
  rank: number;
  scale: number;
  a: number;
  b: number;
  aPanels: number;
  bPanels: number;
  aGradient: number;
  bGradient: number;
}

export function loraOperand(view: AdapterView, layer: number, name: LinearName): LoraOperand {
  const { layout, parameters, panels, gradients } = view;
  const pair = layout.layers[layer]?.[name];
  if (!pair) throw new Error(`The adapter has no layer ${layer}.`);
  return {
    rank: layout.paddedRank,
    scale: layout.scale,
    a: parameters + pair.a,
    b: parameters + pair.b,
    aPanels: panels + pair.a,
    bPanels: panels + pair.b,
    aGradient: gradients + pair.a,
    bGradient: gradients + pair.b,
  };
}

/** W transposed, in panels over its outputs: what `x W^T` multiplies with. */
export function forwardPanels(compute: Compute, matrix: Matrix): Panels {
  const { inputs, outputs, rows } = matrix;
  if (matrix.halfPanels >= 0) return denseHalfPanels(matrix.halfPanels, inputs);
  if (matrix.forwardPanels >= 0) return densePanels(matrix.forwardPanels, inputs);
  return compute.pack({ at: rows, row: 1, column: inputs }, roundUp(outputs, 8), inputs);
}

/**
 * output[M, outputs] = x[M, inputs] W^T (+ bias) (+ scale x A^T B^T). The row length of the result is `outputs`
 * rounded up to a multiple of 8.
 */
export function linearForward(
  compute: Compute,
  matrix: Matrix,
  x: number,
  M: number,
  lora: LoraOperand | null,
): { output: number; record: LinearRecord } {
  const { inputs, bias } = matrix;
  const outputs = roundUp(matrix.outputs, 8);
  const output = compute.allocate(M * outputs);
  if (bias >= 0) {
    repeatRow(compute.f32, bias, output, outputs, M);
  }
  const projected = lora ? compute.allocate(M * lora.rank) : -1;
  const mark = compute.mark();
  const source = { at: x, row: inputs, column: 1 };
  compute.multiply(
    source,
    forwardPanels(compute, matrix),
    output,
    outputs,
    M,
    outputs,
    inputs,
    bias >= 0,
  );
  compute.release(mark);
  if (lora) {
    const { rank, scale, aPanels, bPanels } = lora;
    compute.multiply(source, densePanels(aPanels, inputs), projected, rank, M, rank, inputs, false);
    compute.scale(projected, M * rank, scale);
    const low = { at: projected, row: rank, column: 1 };
    compute.multiply(low, densePanels(bPanels, rank), output, outputs, M, outputs, rank, true);
  }
  return { output, record: { input: x, projected } };
}

/** Copies a row `count` times, each time as many as there are. */
function repeatRow(f32: Float32Array, row: number, target: number, words: number, count: number) {
  f32.copyWithin(target, row, row + words);
  for (let done = 1; done < count; done *= 2) {
    const more = Math.min(done, count - done);
    f32.copyWithin(target + done * words, target, target + more * words);
  }
}

/**
 * inputGradient[M, inputs] (+)= outputGradient[M, outputs] W, and the gradients of what is trainable. An `inputGradient`
 * of -1 leaves that product out.
 */
export function linearBackward(
  compute: Compute,
  matrix: Matrix,
  outputGradient: number,
  M: number,
  record: LinearRecord,
  inputGradient: number,
  isAdding: boolean,
  lora: LoraOperand | null,
  baseShift: number,
): void {
  const mark = compute.mark();
  const outputs = roundUp(matrix.outputs, 8);
  if (inputGradient >= 0)
    propagateGradient(compute, matrix, outputGradient, M, inputGradient, isAdding);
  compute.release(mark);
  if (lora) addLoraGradients(compute, matrix, outputGradient, M, record, inputGradient, lora);
  if (baseShift >= 0) {
    const { inputs, bias, rows } = matrix;
    const transposed = { at: outputGradient, row: 1, column: outputs };
    const packed = compute.pack({ at: record.input, row: inputs, column: 1 }, inputs, M);
    compute.multiply(transposed, packed, rows + baseShift, inputs, outputs, inputs, M, true);
    if (bias >= 0) addColumnSums(compute.f32, outputGradient, M, outputs, bias + baseShift);
  }
  compute.release(mark);
}

/** inputGradient (+)= outputGradient W, whichever way W is stored. */
export function propagateGradient(
  compute: Compute,
  matrix: Matrix,
  outputGradient: number,
  M: number,
  target: number,
  isAdding: boolean,
): void {
  const { inputs, rows, backwardPanels, halfPanels } = matrix;
  const outputs = roundUp(matrix.outputs, 8);
  const mark = compute.mark();
  const multiply = (panels: Panels, first: number, count: number) => {
    const source = { at: outputGradient + first, row: outputs, column: 1 };
    const isLater = isAdding || first > 0;
    compute.multiply(source, panels, target, inputs, M, inputs, count, isLater);
  };
  if (halfPanels >= 0) {
    const block = unpackedColumns(inputs);
    const at = compute.allocate(block * inputs);
    for (let first = 0; first < outputs; first += block) {
      const count = Math.min(block, outputs - first);
      const source = halfPanels + (first * inputs) / 2;
      const panels = Math.ceil(count / HALF_PANEL_WIDTH);
      compute.kernels.transposeHalves(source * 4, inputs, at * 4, panels);
      multiply(densePanels(at, panels * HALF_PANEL_WIDTH), first, count);
    }
  } else if (backwardPanels >= 0) {
    multiply(densePanels(backwardPanels, outputs), 0, outputs);
  } else {
    multiply(compute.pack({ at: rows, row: inputs, column: 1 }, inputs, outputs), 0, outputs);
  }
  compute.release(mark);
}

function addLoraGradients(
  compute: Compute,
  matrix: Matrix,
  outputGradient: number,
  M: number,
  record: LinearRecord,
  inputGradient: number,
  lora: LoraOperand,
): void {
  const { inputs, outputs } = matrix;
  const { rank, scale, a, b, aGradient, bGradient } = lora;
  const low = compute.allocate(M * rank);
  const source = { at: outputGradient, row: outputs, column: 1 };
  compute.multiply(source, rowMajorPanels(b, rank), low, rank, M, rank, outputs, false);
  compute.scale(low, M * rank, scale);
  if (inputGradient >= 0) {
    const lowRows = { at: low, row: rank, column: 1 };
    const panels = rowMajorPanels(a, inputs);
    compute.multiply(lowRows, panels, inputGradient, inputs, M, inputs, rank, true);
  }
  const sourceT = { at: outputGradient, row: 1, column: outputs };
  compute.multiply(
    sourceT,
    rowMajorPanels(record.projected, rank),
    bGradient,
    rank,
    outputs,
    rank,
    M,
    true,
  );
  const lowT = { at: low, row: 1, column: rank };
  compute.multiply(
    lowT,
    rowMajorPanels(record.input, inputs),
    aGradient,
    inputs,
    rank,
    inputs,
    M,
    true,
  );
}

function addColumnSums(
  f32: Float32Array,
  source: number,
  M: number,
  columns: number,
  target: number,
): void {
  for (let m = 0; m < M; m++) {
    const row = source + m * columns;
    for (let j = 0; j < columns; j++) f32[target + j]! += f32[row + j]!;
  }
}
