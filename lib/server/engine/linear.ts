import type { AdapterView } from "./adapter-layout";
import type { LinearName, Matrix } from "./base-layout";
import { densePanels, rowMajorPanels, roundUp, type Compute, type Panels } from "./compute";

/** Largest number of words of a frozen matrix that is transposed at once in the backward direction. */
const TRANSPOSE_WORDS = 1 << 20;

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
    for (let m = 0; m < M; m++) compute.f32.copyWithin(output + m * outputs, bias, bias + outputs);
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

/** inputGradient[M, inputs] += outputGradient[M, outputs] W, and the gradients of what is trainable. */
export function linearBackward(
  compute: Compute,
  matrix: Matrix,
  outputGradient: number,
  M: number,
  record: LinearRecord,
  inputGradient: number,
  lora: LoraOperand | null,
  baseShift: number,
): void {
  const mark = compute.mark();
  const outputs = roundUp(matrix.outputs, 8);
  addInputGradient(compute, matrix, outputGradient, M, inputGradient);
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

/** inputGradient += outputGradient W, whichever way W is stored. */
export function addInputGradient(
  compute: Compute,
  matrix: Matrix,
  outputGradient: number,
  M: number,
  target: number,
): void {
  const { inputs } = matrix;
  const outputs = roundUp(matrix.outputs, 8);
  const source = { at: outputGradient, row: outputs, column: 1 };
  if (matrix.backwardPanels >= 0) {
    compute.multiply(
      source,
      densePanels(matrix.backwardPanels, outputs),
      target,
      inputs,
      M,
      inputs,
      outputs,
      true,
    );
    return;
  }
  const mark = compute.mark();
  if (matrix.rows >= 0) {
    const packed = compute.pack({ at: matrix.rows, row: inputs, column: 1 }, inputs, outputs);
    compute.multiply(source, packed, target, inputs, M, inputs, outputs, true);
    compute.release(mark);
    return;
  }
  const block = Math.max(8, Math.floor(TRANSPOSE_WORDS / inputs / 8) * 8);
  for (let first = 0; first < outputs; first += block) {
    const count = Math.min(block, outputs - first);
    const packed = transposePanels(compute, matrix, first, count);
    const part = { at: outputGradient + first, row: outputs, column: 1 };
    compute.multiply(part, packed, target, inputs, M, inputs, count, true);
    compute.release(mark);
  }
}

/** Rows `first` to `first + count` of W in panels over its inputs, made from its forward panels. */
function transposePanels(compute: Compute, matrix: Matrix, first: number, count: number): Panels {
  const { inputs } = matrix;
  const at = compute.allocate(count * inputs);
  for (let row = 0; row < count; row += 8) {
    const source = { at: matrix.forwardPanels + (first + row) * inputs, row: 1, column: 8 };
    compute.packInto(at + row * 8, source, inputs, 8, count * 8);
  }
  return densePanels(at, count);
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
  compute.multiply(
    { at: low, row: rank, column: 1 },
    rowMajorPanels(a, inputs),
    inputGradient,
    inputs,
    M,
    inputs,
    rank,
    true,
  );
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
