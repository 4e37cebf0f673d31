import { allMatrices, allNorms, type BaseLayout, type Matrix } from "./base-layout";
import { roundUp, type Compute } from "./compute";
import { HALF_PANEL_WIDTH, packHalves } from "./half-panels";
import { WeightFiles } from "./weight-files";

/** Numbers read from the files at once. */
const BLOCK_WORDS = 1 << 20;

/**
 * Reads every tensor of a Hugging Face folder into the base model's places.
 *
 * @throws Error naming the file or tensor when one is missing or has another shape
 */
export function loadWeights(compute: Compute, layout: BaseLayout, directory: string): void {
  const files = new WeightFiles(directory);
  const loadVector = (name: string, at: number, length: number) =>
    files.read(name, [length], compute.f32.subarray(at, at + length));
  try {
    for (const matrix of allMatrices(layout)) {
      loadMatrix(compute, files, matrix);
      if (matrix.bias >= 0) loadVector(`${matrix.name}.bias`, matrix.bias, matrix.outputs);
    }
    for (const { name, at, size } of allNorms(layout)) loadVector(`${name}.weight`, at, size);
  } finally {
    files.close();
  }
}

function loadMatrix(compute: Compute, files: WeightFiles, matrix: Matrix): void {
  const { inputs, outputs } = matrix;
  const group = matrix.halfPanels >= 0 ? HALF_PANEL_WIDTH : 8;
  const blockRows = Math.max(group, Math.floor(BLOCK_WORDS / inputs / group) * group);
  const buffer = new Float32Array(roundUp(Math.min(blockRows, outputs), group) * inputs);
  for (let first = 0; first < outputs; first += blockRows) {
    const count = Math.min(blockRows, outputs - first);
    const numbers = buffer.subarray(0, roundUp(count, group) * inputs).fill(0, count * inputs);
    const rows = numbers.subarray(0, count * inputs);
    files.read(`${matrix.name}.weight`, [outputs, inputs], rows, first * inputs);
    storeRows(compute, matrix, first, numbers);
  }
}

/** Puts whole groups of rows, as many as a panel has columns, from row `first` on, where and how the matrix is kept. */
function storeRows(compute: Compute, matrix: Matrix, first: number, numbers: Float32Array): void {
  const { inputs, outputs, rows, forwardPanels, backwardPanels, halfPanels } = matrix;
  if (rows >= 0) compute.f32.set(numbers, rows + first * inputs);
  if (halfPanels >= 0) packHalves(numbers, inputs, compute.u32, halfPanels + (first * inputs) / 2);
  if (forwardPanels < 0) return;
  const mark = compute.mark();
  const at = compute.allocate(numbers.length);
  compute.f32.set(numbers, at);
  const count = numbers.length / inputs;
  const forward = forwardPanels + first * inputs;
  compute.packInto(forward, { at, row: 1, column: inputs }, count, inputs);
  const backward = backwardPanels + first * 8;
  const panelWords = roundUp(outputs, 8) * 8;
  compute.packInto(backward, { at, row: inputs, column: 1 }, inputs, count, panelWords);
  compute.release(mark);
}
