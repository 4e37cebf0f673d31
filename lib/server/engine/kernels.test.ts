import { expect, test } from "vitest";

import { Compute, rowMajorPanels } from "./compute";
import { seededRandom } from "./random";

function aCompute(allowFma: boolean): Compute {
  const memory = new WebAssembly.Memory({ initial: 32, maximum: 65536, shared: true });
  return Compute.open(memory, { start: 0, words: 32 * 16384 }, { allowFma });
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

test("the exponential is right to six digits from -87 to 88 and never overflows", () => {
  const compute = aCompute(true);
  const values = [-1000, -87, -20.5, -1, -1e-6, 0, 0.3, 1, 10, 80, 88, 500];
  const at = compute.allocate(values.length);
  compute.f32.set(values, at);
  compute.exp(at, at, values.length, 0);
  values.forEach((value, index) => {
    const expected = Math.exp(Math.min(88, Math.max(-87, value)));
    expect(Math.abs(compute.f32[at + index]! / expected - 1)).toBeLessThan(1e-6);
  });
});

test("softmax of any length sums to one and leaves what is behind the next words alone", () => {
  const compute = aCompute(true);
  for (const length of [1, 3, 4, 5, 17, 64]) {
    const at = aMatrix(compute, 1, length + 8, length);
    const before = compute.f32.slice(at, at + length + 8);
    compute.softmax(at, length);
    const powers = [...before.subarray(0, length)].map(Math.exp);
    const total = powers.reduce((sum, power) => sum + power, 0);
    powers.forEach((power, index) => expect(compute.f32[at + index]).toBeCloseTo(power / total, 6));
    expect(compute.f32.slice(at + length + 3, at + length + 8)).toEqual(before.slice(length + 3));
  }
});

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
