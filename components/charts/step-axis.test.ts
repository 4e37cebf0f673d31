import fc from "fast-check";
import { expect, test } from "vitest";
import { gapsIn, placeOf, stepAt, stepAxis } from "./step-axis";

const points = (...times: number[]) => times.map((at) => ({ at }));

test("a gap lies between the step before it and the step after it", () => {
  expect(gapsIn([{ step: 3, at: 90, gapMs: 70 }], points(10, 20, 100))).toHaveLength(1);
  expect(gapsIn([{ step: 3, at: 90, gapMs: 70 }], points(10, 20))).toHaveLength(1);
});

test("a gap over whose place the run trained anew is none any more", () => {
  expect(gapsIn([{ step: 3, at: 90, gapMs: 70 }], points(10, 150, 160))).toEqual([]);
});

test("a run that was continued before its first step has no gap", () => {
  expect(gapsIn([{ step: 1, at: 5, gapMs: 70 }], points(10, 20))).toEqual([]);
});

test("two gaps without a step between them are one", () => {
  const marks = [
    { step: 3, at: 50, gapMs: 20 },
    { step: 3, at: 90, gapMs: 30 },
  ];
  expect(gapsIn(marks, points(10, 20, 100))).toEqual([{ step: 3, at: 90, gapMs: 50 }]);
});

test("every step is found again at its place, and places rise with the steps", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 2, max: 500 }),
      fc.array(fc.integer({ min: 2, max: 500 }), { maxLength: 12 }),
      (totalSteps, resumedAt) => {
        const steps = [...new Set(resumedAt)].filter((step) => step <= totalSteps);
        const gaps = steps.sort((a, b) => a - b).map((step) => ({ step, at: 0, gapMs: 0 }));
        const axis = stepAxis(totalSteps, gaps);
        for (let step = 0; step <= totalSteps; step += Math.ceil(totalSteps / 20)) {
          expect(stepAt(axis, placeOf(axis, step))).toBe(step);
          expect(placeOf(axis, step)).toBeLessThanOrEqual(axis.end + 1e-6);
        }
      },
    ),
  );
});
