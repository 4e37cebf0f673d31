/** Room around the plot of a chart, in pixels. The axes are drawn in it, and what lies over the chart is placed by it. */
export interface PlotRoom {
  height: number;
  left: number;
  right: number;
  top: number;
  bottom: number;
}

export const LOSS_PLOT: PlotRoom = { height: 352, left: 40, right: 12, top: 14, bottom: 46 };
export const MINI_PLOT: PlotRoom = { height: 92, left: 44, right: 6, top: 8, bottom: 20 };

/** Margins and axis sizes that leave exactly this room: Recharts adds the axes to the margins. */
export function chartMargin({ top, right }: PlotRoom) {
  return { top, right, bottom: 0, left: 0 };
}

/** Ticks at round steps, the last step among them. */
export function stepTicks(totalSteps: number, count: number): number[] {
  const step = roundUp(totalSteps / count);
  const ticks: number[] = [];
  for (let tick = 0; tick <= totalSteps - step * 0.6; tick += step) ticks.push(tick);
  return [...ticks, totalSteps];
}

function roundUp(step: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, step)));
  return Math.max(
    1,
    Math.ceil(([1, 2, 4, 5].find((digit) => digit * power >= step) ?? 10) * power),
  );
}
