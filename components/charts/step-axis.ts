/** A stretch of time in which a run stood still, drawn before its first step after it. */
export interface Gap {
  step: number;
  at: number;
  gapMs: number;
}

/** Optimizer steps along x. A gap in time takes room of its own, so that it is a gap in every line. */
export interface StepAxis {
  totalSteps: number;
  gaps: readonly Gap[];
  /** Room of one gap, in steps. */
  gapRoom: number;
  /** Where the axis ends. */
  end: number;
}

const GAP_SHARE = 0.015;
const ALL_GAPS_SHARE = 0.15;

export function stepAxis(totalSteps: number, gaps: readonly Gap[]): StepAxis {
  const share = Math.min(GAP_SHARE, ALL_GAPS_SHARE / Math.max(1, gaps.length));
  const gapRoom = totalSteps * share;
  return { totalSteps, gaps, gapRoom, end: totalSteps + gaps.length * gapRoom };
}

/** Place of a step on the axis, between 0 and its end. */
export function placeOf({ gaps, gapRoom }: StepAxis, step: number): number {
  return step + gapRoom * gaps.filter((gap) => gap.step <= step).length;
}

/** The step nearest to a place on the axis. */
export function stepAt(axis: StepAxis, place: number): number {
  const gapsBefore = axis.gaps.filter((gap) => placeOf(axis, gap.step) - axis.gapRoom / 2 <= place);
  return Math.round(Math.min(axis.totalSteps, place - axis.gapRoom * gapsBefore.length));
}

/**
 * The gaps that the points really have. A run that fell back to an earlier checkpoint has trained anew over the place of
 * a former gap; two gaps without a step between them are one.
 *
 * @param points - one a step, from step 1 on
 */
export function gapsIn(marks: readonly Gap[], points: readonly { at: number }[]): Gap[] {
  const gaps = new Map<number, Gap>();
  for (const mark of marks) {
    const before = points[mark.step - 2];
    const after = points[mark.step - 1];
    if (!before || before.at > mark.at || (after && after.at < mark.at)) continue;
    const former = gaps.get(mark.step);
    gaps.set(mark.step, { ...mark, gapMs: mark.gapMs + (former?.gapMs ?? 0) });
  }
  return [...gaps.values()].sort((a, b) => a.step - b.step);
}
