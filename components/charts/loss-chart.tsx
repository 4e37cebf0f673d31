"use client";

import { memo } from "react";
import { CartesianGrid, Line, LineChart, XAxis, YAxis } from "recharts";
import { useFormatter, useTranslations } from "next-intl";
import type { CurveRow } from "./curve-rows";
import { LossOverlay } from "./loss-overlay";
import { LossUnderlay } from "./loss-underlay";
import { chartMargin, LOSS_PLOT, stepTicks } from "./plot";
import { placeOf, stepAt, type StepAxis } from "./step-axis";
import { tickText, type ValueScale } from "./value-scale";

export interface LossChartProps {
  axis: StepAxis;
  scale: ValueScale;
  /** At most about a thousand. */
  rows: CurveRow<"raw" | "smoothed">[];
  validations: readonly { step: number; loss: number }[];
  /** Steps after which a checkpoint was saved. */
  savedSteps: readonly number[];
  /** The last confirmed step. */
  step: number;
}

const STEP_TICKS = 6;
export const TICK_TEXT = { fill: "var(--faint)", fontSize: 11.5 };

/** Training and validation loss over the steps of a run. It is drawn from its props alone, and only anew when they change. */
export const LossChart = memo(function LossChart(props: LossChartProps) {
  const t = useTranslations("charts");
  const format = useFormatter();
  const { axis, scale, rows } = props;
  return (
    <LineChart
      responsive
      accessibilityLayer={false}
      data={rows}
      margin={chartMargin(LOSS_PLOT)}
      style={{ width: "100%", height: LOSS_PLOT.height }}
      aria-hidden
    >
      <CartesianGrid vertical={false} stroke="var(--border)" />
      <XAxis
        type="number"
        dataKey="place"
        domain={[0, axis.end]}
        ticks={stepTicks(axis.totalSteps, STEP_TICKS).map((step) => placeOf(axis, step))}
        tickFormatter={(place: number) => format.number(stepAt(axis, place))}
        height={LOSS_PLOT.bottom}
        tick={TICK_TEXT}
        tickLine={false}
        tickMargin={14}
        axisLine={{ stroke: "var(--border-strong)" }}
        label={{
          value: t("optimizerStep"),
          position: "insideBottom",
          offset: 2,
          ...TICK_TEXT,
        }}
      />
      <YAxis
        type="number"
        domain={[scale.from, scale.to]}
        scale={scale.kind}
        ticks={scale.ticks}
        interval={0}
        width={LOSS_PLOT.left}
        tick={TICK_TEXT}
        tickFormatter={(tick: number) => tickText(scale, tick)}
        tickLine={false}
        axisLine={false}
      />
      <LossUnderlay axis={axis} step={props.step} />
      <Line
        dataKey="raw"
        type="linear"
        dot={false}
        activeDot={false}
        isAnimationActive={false}
        stroke="var(--s1)"
        strokeWidth={1}
        strokeOpacity={0.35}
      />
      <Line
        dataKey="smoothed"
        type="linear"
        dot={false}
        activeDot={false}
        isAnimationActive={false}
        stroke="var(--s1)"
        strokeWidth={2}
      />
      <LossOverlay
        axis={axis}
        validations={props.validations}
        savedSteps={props.savedSteps}
        end={rows.findLast(({ smoothed }) => smoothed !== null) ?? null}
      />
    </LineChart>
  );
});
