import { expect, test } from "vitest";

import type { Compute } from "./compute";
import { rowMajorPanels } from "./compute";
import { openCompute } from "./open-compute";
import { seededRandom } from "./random";

function aCompute(allowFma: boolean): Compute {
  const memory = new WebAssembly.Memory({ initial: 32, maximum: 65536, shared: true });
  return openCompute(memory, { start: 0, words: 32 * 16384 }, { allowFma });
}

function aMatrix(compute: Compute, rows: number, columns: number, seed: number): number {
  const random = seededRandom(seed);
  const at = compute.allocate(rows * columns);
  for (let i = 0; i < rows * columns; i++) compute.f32[at + i] = 2 * random() - 1;
  return at;
}

/** The largest difference from a product computed in 64 bits. */
function productError(
  compute: Compute,
  M: number,
  N: number,
  K: number,
  isAdding: boolean,
): number {
  const a = aMatrix(compute, M, K, 1);
  const b = aMatrix(compute, K, N, 2);
  const c = aMatrix(compute, M, N, 3);
  const expected = Array.from({ length: M * N }, (_, index) => {
    const [m, n] = [Math.floor(index / N), index % N];
    let sum = isAdding ? compute.f32[c + index]! : 0;
    for (let k = 0; k < K; k++) sum += compute.f32[a + m * K + k]! * compute.f32[b + k * N + n]!;
    return sum;
  });
  compute.multiply({ at: a, row: K, column: 1 }, rowMajorPanels(b, N), c, N, M, N, K, isAdding);
  const packed = compute.pack({ at: b, row: N, column: 1 }, N, K);
  const again = compute.allocate(M * N);
  compute.multiply({ at: a, row: K, column: 1 }, packed, again, N, M, N, K, false);
  const base = isAdding ? aMatrix(compute, M, N, 3) : -1;
  return Math.max(
    ...expected.map((value, index) => {
      const added = isAdding ? compute.f32[base + index]! : 0;
      const fromPacked = compute.f32[again + index]! + added;
      return Math.max(Math.abs(value - compute.f32[c + index]!), Math.abs(value - fromPacked));
    }),
  );
}

const SHAPES = [
  [1, 8, 1],
  [1, 40, 17],
  [3, 8, 5],
  [7, 24, 33],
  [101, 16, 9],
] as const;

test.each([true, false])(
  "matrix products of any shape are right (fused multiply-add %s)",
  (allowFma) => {
    for (const [M, N, K] of SHAPES) {
      for (const isAdding of [false, true])
        expect(productError(aCompute(allowFma), M, N, K, isAdding)).toBeLessThan(1e-5);
    }
  },
);

test("a transposing pack puts columns into panels", () => {
  const compute = aCompute(true);
  const at = aMatrix(compute, 16, 5, 1);
  const panels = compute.pack({ at, row: 1, column: 5 }, 16, 5);
  for (let n = 0; n < 16; n++) {
    for (let k = 0; k < 5; k++) {
      const packed = compute.f32[panels.at + Math.floor(n / 8) * panels.panel + k * 8 + (n % 8)];
      expect(packed).toBe(compute.f32[at + n * 5 + k]);
    }
  }
});

test("the exponential is right to six digits down to -87 and never below what a float can hold", () => {
  const compute = aCompute(true);
  const values = [0, -1e-6, -0.3, -1, -10, -20.5, -45, -80, -87, -1000];
  const at = compute.allocate(values.length + 2);
  compute.f32.set(values, at);
  const { largest, sum } = compute.exponentials(at, values.length, at, 1);
  const expected = values.map((value) => Math.exp(Math.max(-87, value)));
  expected.forEach((value, index) =>
    expect(Math.abs(compute.f32[at + index]! / value - 1)).toBeLessThan(1e-6),
  );
  expect(largest).toBe(0);
  expect(sum).toBeCloseTo(
    expected.reduce((total, value) => total + value, 0),
    5,
  );
});

test.each([1, 3, 8, 13])(
  "the softmax of rows of which each sees one more number than the last, from %i on",
  (seen) => {
    const compute = aCompute(true);
    const [rows, width, rowWords, scale] = [5, 24, 32, 0.3];
    const at = aMatrix(compute, rows, rowWords, 1);
    const before = compute.f32.slice(at, at + rows * rowWords);
    compute.softmaxRows(at, rowWords, rows, seen, width, scale);
    for (let row = 0; row < rows; row++) {
      const numbers = before.subarray(row * rowWords, (row + 1) * rowWords);
      const powers = [...numbers.subarray(0, seen + row)].map((x) => Math.exp(scale * x));
      const total = powers.reduce((sum, power) => sum + power, 0);
      const found = compute.f32.subarray(at + row * rowWords, at + (row + 1) * rowWords);
      powers.forEach((power, index) => expect(found[index]).toBeCloseTo(power / total, 6));
      expect(found.slice(seen + row, width)).toEqual(new Float32Array(width - seen - row));
      expect(found.slice(width)).toEqual(numbers.slice(width));
    }
  },
);

test("a row's product does not depend on the rows that come with it", () => {
  const compute = aCompute(true);
  const [N, K] = [40, 33];
  const b = compute.pack({ at: aMatrix(compute, K, N, 2), row: N, column: 1 }, N, K);
  const a = aMatrix(compute, 11, K, 1);
  const product = (M: number, first = 0) => {
    const c = compute.allocate(M * N);
    compute.multiply({ at: a + first * K, row: K, column: 1 }, b, c, N, M, N, K, false);
    return compute.f32.slice(c, c + M * N);
  };
  const together = product(11);
  for (let M = 1; M < 11; M++) expect(product(M)).toEqual(together.slice(0, M * N));
  for (let m = 0; m < 11; m++) expect(product(1, m)).toEqual(together.slice(m * N, (m + 1) * N));
});
