import { allMatrices, allNorms, type BaseLayout, type Matrix } from "./base-layout";
import { roundUp, type Compute } from "./compute";
import { SafetensorsReader } from "./safetensors";

/** Numbers read from the file at once. */
const BLOCK_WORDS = 1 << 20;

/**
 * Reads every tensor of a `model.safetensors` into the base model's places.
 *
 * @throws Error naming the tensor when one is missing or has another shape
 */
export function loadWeights(compute: Compute, layout: BaseLayout, path: string): void {
  const reader = new SafetensorsReader(path);
  try {
    for (const matrix of allMatrices(layout)) {
      loadMatrix(compute, reader, matrix, path);
      if (matrix.bias >= 0)
        loadVector(compute, reader, `${matrix.name}.bias`, matrix.bias, matrix.outputs, path);
    }
    for (const { name, at } of allNorms(layout)) {
      loadVector(compute, reader, `${name}.weight`, at, layout.embedding.inputs, path);
    }
  } finally {
    reader.close();
  }
}

function loadVector(
  compute: Compute,
  reader: SafetensorsReader,
  name: string,
  at: number,
  length: number,
  path: string,
): void {
  expectShape(reader, name, [length], path);
  const numbers = new Float32Array(length);
  reader.read(name, numbers);
  compute.f32.set(numbers, at);
}

function loadMatrix(
  compute: Compute,
  reader: SafetensorsReader,
  matrix: Matrix,
  path: string,
): void {
  const { inputs, outputs } = matrix;
  const name = `${matrix.name}.weight`;
  expectShape(reader, name, [outputs, inputs], path);
  const padded = roundUp(outputs, 8);
  const blockRows = Math.max(8, Math.floor(BLOCK_WORDS / inputs / 8) * 8);
  for (let first = 0; first < outputs; first += blockRows) {
    const count = Math.min(blockRows, outputs - first);
    const numbers = new Float32Array(roundUp(count, 8) * inputs);
    reader.read(name, numbers.subarray(0, count * inputs), first * inputs, count * inputs);
    if (matrix.rows >= 0) {
      compute.f32.set(numbers, matrix.rows + first * inputs);
      continue;
    }
    const mark = compute.mark();
    const rows = compute.allocate(numbers.length);
    compute.f32.set(numbers, rows);
    const paddedCount = roundUp(count, 8);
    compute.packInto(
      matrix.forwardPanels + first * inputs,
      { at: rows, row: 1, column: inputs },
      paddedCount,
      inputs,
    );
    if (matrix.backwardPanels >= 0) {
      const source = { at: rows, row: inputs, column: 1 };
      compute.packInto(matrix.backwardPanels + first * 8, source, inputs, paddedCount, padded * 8);
    }
    compute.release(mark);
  }
}

function expectShape(reader: SafetensorsReader, name: string, shape: number[], path: string): void {
  const found = reader.tensors.get(name);
  if (!found) throw new Error(`${path}: the tensor "${name}" is missing.`);
  if (found.shape.join() !== shape.join()) {
    throw new Error(
      `${path}: "${name}" has shape [${found.shape.join(", ")}] where config.json asks for [${shape.join(", ")}].`,
    );
  }
}
