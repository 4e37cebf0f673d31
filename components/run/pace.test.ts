import { expect, test } from "vitest";
import { msPerStep } from "./pace";

const steps = (...times: number[]) => times.map((at, index) => ({ step: index + 1, at }));

test("the pace is that of the newest steps", () => {
  expect(msPerStep(steps(0, 100, 200), [])).toBe(100);
  expect(msPerStep(steps(0), [])).toBeNull();
});

test("a time in which the run stood still does not count", () => {
  const gap = { step: 3, at: 9000, gapMs: 8800 };
  expect(msPerStep(steps(0, 100, 9100, 9150), [gap])).toBe(50);
  expect(msPerStep(steps(0, 100, 9100), [gap])).toBeNull();
});
