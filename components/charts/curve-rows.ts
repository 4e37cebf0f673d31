import { placeOf, type StepAxis } from "./step-axis";

/** One drawn step; null where a curve has no value. */
export type CurveRow<Name extends string> = { place: number } & Record<Name, number | null>;

/**
 * Rows for a line chart: one for each drawn step, and one without values at each gap, which breaks the lines there.
 *
 * @param drawn - indexes of the steps to draw, rising; step 1 has index 0
 * @param curves - values by name and step index; what is not a number is not drawn
 */
export function curveRows<Name extends string>(
  axis: StepAxis,
  drawn: readonly number[],
  curves: Record<Name, ArrayLike<number>>,
): CurveRow<Name>[] {
  const names = Object.keys(curves) as Name[];
  const row = (place: number, valueOf: (name: Name) => number | null) =>
    Object.fromEntries([
      ["place", place],
      ...names.map((name) => [name, valueOf(name)]),
    ]) as CurveRow<Name>;

  const rows: CurveRow<Name>[] = [];
  const gapsAhead = [...axis.gaps];
  for (const index of drawn) {
    const step = index + 1;
    while (gapsAhead[0] && gapsAhead[0].step <= step) {
      const { step: stepAfter } = gapsAhead.shift()!;
      rows.push(row(placeOf(axis, stepAfter) - axis.gapRoom / 2, () => null));
    }
    rows.push(
      row(placeOf(axis, step), (name) => {
        const value = curves[name][index];
        return value === undefined || Number.isNaN(value) ? null : value;
      }),
    );
  }
  return rows;
}
