import fc from "fast-check";
import { expect, test } from "vitest";
import { downsample } from "./downsample";

const curves = fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { maxLength: 400 });
const limits = fc.integer({ min: 4, max: 100 });

test("a short curve keeps every point", () => {
  expect(downsample([3, 1, 2], 4)).toEqual([0, 1, 2]);
  expect(downsample([], 4)).toEqual([]);
});

test("the lowest and the highest point of every stretch stay", () => {
  expect(downsample([0, 5, 1, -5, 1, 9, 1, 1, 1, 0], 6)).toEqual([0, 1, 3, 5, 6, 9]);
});

test("never more points than asked for, in their order, with both ends and the extremes of the whole", () => {
  fc.assert(
    fc.property(curves, limits, (values, most) => {
      const kept = downsample(values, most);
      expect(kept.length).toBeLessThanOrEqual(Math.max(most, 0));
      expect(kept.every((index, at) => at === 0 || index > kept[at - 1]!)).toBe(true);
      if (values.length === 0) return;
      expect([kept[0], kept.at(-1)]).toEqual([0, values.length - 1]);
      const shown = kept.map((index) => values[index]!);
      expect(Math.min(...shown)).toBe(Math.min(...values));
      expect(Math.max(...shown)).toBe(Math.max(...values));
    }),
  );
});

test("fifty thousand steps take a few milliseconds", () => {
  const values = Float64Array.from(
    { length: 50_000 },
    (_, step) => Math.sin(step) + 1 / (1 + step),
  );
  const from = performance.now();
  expect(downsample(values, 1000).length).toBeLessThanOrEqual(1000);
  expect(performance.now() - from).toBeLessThan(50);
});
