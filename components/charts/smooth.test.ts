import fc from "fast-check";
import { expect, test } from "vitest";
import { smooth } from "./smooth";

test("the first value stands as it is, without a pull towards zero", () => {
  expect(smooth([2, 2, 2], 0.9)).toEqual(Float64Array.of(2, 2, 2));
  expect(smooth([4, 0], 0.5)[1]).toBeCloseTo(4 / 3, 12);
});

test("without weight the values stay as they are", () => {
  expect([...smooth([3, 1, 2], 0)]).toEqual([3, 1, 2]);
});

test("values that are not known stay so, and spoil no other", () => {
  expect([...smooth([Number.NaN, 4, Number.NaN, 0], 0.5)]).toEqual([NaN, 4, NaN, 4 / 3]);
});

test("a smoothed value never leaves the range of the values so far", () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: -100, max: 100, noNaN: true }), { minLength: 1 }),
      fc.double({ min: 0, max: 0.99, noNaN: true }),
      (values, weight) => {
        const smoothed = smooth(values, weight);
        for (let index = 0; index < values.length; index++) {
          const soFar = values.slice(0, index + 1);
          expect(smoothed[index]).toBeGreaterThanOrEqual(Math.min(...soFar) - 1e-9);
          expect(smoothed[index]).toBeLessThanOrEqual(Math.max(...soFar) + 1e-9);
        }
      },
    ),
  );
});
