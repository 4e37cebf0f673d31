import fc from "fast-check";
import { expect, test } from "vitest";
import { heightOf, valueScale } from "./value-scale";

test("a loss that falls far begins at zero, with round ticks", () => {
  expect(valueScale("linear", 0.3, 2.2, 5).ticks).toEqual([0, 0.5, 1, 1.5, 2, 2.5]);
});

test("a loss that hardly falls does not begin at zero", () => {
  expect(valueScale("linear", 1.82, 2.21, 5).ticks).toEqual([1.8, 1.9, 2, 2.1, 2.2, 2.3]);
});

test("a learning rate that never changes still gets a scale", () => {
  const { from, to } = valueScale("linear", 0.0002, 0.0002, 3);
  expect(from).toBeLessThanOrEqual(0.0002);
  expect(to).toBeGreaterThan(0.0002 - 1e-12);
});

test("each kind of scale holds all its values between rising ticks", () => {
  const positive = fc.double({ min: 1e-6, max: 1e6, noNaN: true });
  fc.assert(
    fc.property(positive, positive, fc.constantFrom("linear", "log"), (a, b, kind) => {
      const [lowest, highest] = [Math.min(a, b), Math.max(a, b)];
      const scale = valueScale(kind, lowest, highest, 4);
      expect(scale.from).toBeLessThanOrEqual(lowest * (1 + 1e-9));
      expect(scale.to).toBeGreaterThanOrEqual(highest * (1 - 1e-9));
      expect(scale.to).toBeGreaterThan(scale.from);
      expect(scale.ticks.every((tick, at) => at === 0 || tick > scale.ticks[at - 1]!)).toBe(true);
      expect(heightOf(scale, scale.to)).toBe(1);
    }),
  );
});
