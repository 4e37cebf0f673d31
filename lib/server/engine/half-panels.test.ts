import { expect, test } from "vitest";

import type { Compute } from "./compute";
import { denseHalfPanels, densePanels, roundUp } from "./compute";
import { packHalves, unpackRow } from "./half-panels";
import { openCompute } from "./open-compute";
import { seededRandom } from "./random";

function aCompute(): Compute {
  const memory = new WebAssembly.Memory({ initial: 64, maximum: 65536, shared: true });
  return openCompute(memory, { start: 0, words: 64 * 16384 }, { allowFma: true });
}

/** Random numbers in memory, without the bits that bfloat16 lacks. */
function rounded(compute: Compute, count: number, seed: number): number {
  const random = seededRandom(seed);
  const at = compute.allocate(count);
  for (let i = 0; i < count; i++) {
    compute.f32[at + i] = 2 * random() - 1;
    compute.u32[at + i]! &= 0xffff0000;
  }
  return at;
}

function packed(compute: Compute, rows: number, outputs: number, inputs: number): number {
  const at = compute.allocate((roundUp(outputs, 16) * inputs) / 2);
  const numbers = new Float32Array(roundUp(outputs, 16) * inputs);
  numbers.set(compute.f32.subarray(rows, rows + outputs * inputs));
  packHalves(numbers, inputs, compute.u32, at);
  return at;
}

test.each([1, 5, 40])(
  "a product of %i rows with bfloat16 panels equals that with the numbers",
  (M) => {
    const compute = aCompute();
    const [outputs, inputs] = [40, 37];
    const rows = rounded(compute, outputs * inputs, 1);
    const half = denseHalfPanels(packed(compute, rows, outputs, inputs), inputs);
    const whole = compute.pack({ at: rows, row: 1, column: inputs }, outputs, inputs);
    const x = { at: rounded(compute, M * inputs, 2), row: inputs, column: 1 };
    const [a, b] = [compute.zeros(M * outputs), compute.zeros(M * outputs)];
    compute.multiply(x, half, a, outputs, M, outputs, inputs, true);
    compute.multiply(x, whole, b, outputs, M, outputs, inputs, true);
    const results = [a, b].map((at) => compute.f32.slice(at, at + M * outputs));
    expect(results[0]).toEqual(results[1]);
  },
);

test("transposing bfloat16 panels gives the panels of the other direction", () => {
  const compute = aCompute();
  const [outputs, inputs] = [24, 16];
  const rows = rounded(compute, outputs * inputs, 1);
  const half = packed(compute, rows, outputs, inputs);
  const at = compute.allocate(32 * inputs);
  compute.kernels.transposeHalves(half * 4, inputs, at * 4, 2);
  const { panel } = densePanels(at, 32);
  for (let output = 0; output < outputs; output++) {
    for (let input = 0; input < inputs; input++) {
      const found = compute.f32[at + Math.floor(input / 8) * panel + output * 8 + (input % 8)];
      expect(found).toBe(compute.f32[rows + output * inputs + input]);
    }
  }
});

test("rows are read back, rounded to the nearest bfloat16", () => {
  const compute = aCompute();
  const inputs = 3;
  const rows = Float32Array.from({ length: 16 * inputs }, (_, index) => Math.fround(1.7 ** index));
  const at = compute.allocate(rows.length / 2);
  packHalves(rows, inputs, compute.u32, at);
  const out = compute.allocate(inputs);
  for (let row = 0; row < 16; row++) {
    unpackRow(compute.u32, at, inputs, row, out);
    for (let input = 0; input < inputs; input++) {
      const value = rows[row * inputs + input]!;
      expect(Math.abs(compute.f32[out + input]! / value - 1)).toBeLessThanOrEqual(2 ** -8);
    }
  }
});
