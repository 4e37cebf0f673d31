"use client";

import { useFormatter, useTranslations } from "next-intl";
import { memo } from "react";
import { CartesianGrid, Line, LineChart, XAxis, YAxis } from "recharts";
import type { CurveRow } from "./curve-rows";
import { TICK_TEXT } from "./loss-chart";
import { chartMargin, MINI_PLOT } from "./plot";
import { placeOf, stepAt, type StepAxis } from "./step-axis";
import type { ValueScale } from "./value-scale";

export interface MiniChartProps {
  axis: StepAxis;
  scale: ValueScale;
  /** `planned` is what the curve will be, where that is known. */
  rows: CurveRow<"value" | "planned">[];
  formatTick: (value: number) => string;
}

/** One figure over the steps of a run, small. */
export const MiniChart = memo(function MiniChart({
  axis,
  scale,
  rows,
  formatTick,
}: MiniChartProps) {
  const t = useTranslations("charts");
  const format = useFormatter();
  return (
    <LineChart
      responsive
      accessibilityLayer={false}
      data={rows}
      margin={chartMargin(MINI_PLOT)}
      style={{ width: "100%", height: MINI_PLOT.height }}
      aria-hidden
    >
      <CartesianGrid vertical={false} stroke="var(--border)" />
      <XAxis
        type="number"
        dataKey="place"
        domain={[0, axis.end]}
        ticks={[0, Math.round(axis.totalSteps / 2), axis.totalSteps].map((step) =>
          placeOf(axis, step),
        )}
        tickFormatter={(place: number, at: number) =>
          at === 2 ? t("steps", { count: stepAt(axis, place) }) : format.number(stepAt(axis, place))
        }
        interval="preserveStartEnd"
        height={MINI_PLOT.bottom}
        tick={TICK_TEXT}
        tickLine={false}
        axisLine={false}
      />
      <YAxis
        type="number"
        domain={[scale.from, scale.to]}
        ticks={scale.ticks}
        interval={0}
        width={MINI_PLOT.left}
        tick={TICK_TEXT}
        tickFormatter={formatTick}
        tickLine={false}
        axisLine={false}
      />
      <Line
        dataKey="planned"
        type="linear"
        dot={false}
        activeDot={false}
        isAnimationActive={false}
        stroke="var(--s1)"
        strokeWidth={1.5}
        strokeOpacity={0.5}
        strokeDasharray="2 4"
      />
      <Line
        dataKey="value"
        type="linear"
        dot={false}
        activeDot={false}
        isAnimationActive={false}
        stroke="var(--s1)"
        strokeWidth={1.5}
      />
    </LineChart>
  );
});
