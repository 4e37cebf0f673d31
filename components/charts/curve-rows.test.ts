import { expect, test } from "vitest";
import { curveRows } from "./curve-rows";
import { placeOf, stepAxis } from "./step-axis";

test("a gap breaks the line and moves what comes after it", () => {
  const axis = stepAxis(4, [{ step: 3, at: 0, gapMs: 1000 }]);
  const rows = curveRows(axis, [0, 1, 2, 3], { loss: [4, 3, 2, 1] });
  expect(rows.map(({ loss }) => loss)).toEqual([4, 3, null, 2, 1]);
  expect(rows[1]!.place).toBe(2);
  expect(rows[3]!.place).toBeCloseTo(3 + axis.gapRoom);
  expect(rows[2]!.place).toBeLessThan(placeOf(axis, 3));
  expect(rows[2]!.place).toBeGreaterThan(2);
});

test("a value that is not known breaks the line", () => {
  const rows = curveRows(stepAxis(2, []), [0, 1], { speed: [Number.NaN, 7] });
  expect(rows.map(({ speed }) => speed)).toEqual([null, 7]);
});
