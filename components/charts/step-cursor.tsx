"use client";

import type { KeyboardEvent, PointerEvent } from "react";
import type { PlotRoom } from "./plot";
import { placeOf, stepAt, type StepAxis } from "./step-axis";

export interface StepCursorProps {
  axis: StepAxis;
  plot: PlotRoom;
  /** The last step that has values. */
  lastStep: number;
  /** The step under the pointer, null when there is none. */
  step: number | null;
  onStep: (step: number | null) => void;
  /** Where the curve stands at the step, from 0 to 1; draws a dot there. */
  height?: number | null;
  /** Makes it a control for the keyboard, too. */
  slider?: { label: string; valueText: string };
}

/** A line over a chart at one step. It is no part of the chart, so that moving it draws nothing else. */
export function StepCursor(props: StepCursorProps) {
  const { axis, plot, lastStep, step, onStep, height, slider } = props;
  const clamp = (wanted: number) => Math.min(lastStep, Math.max(1, wanted));

  const onPointerMove = (event: PointerEvent<HTMLDivElement>) => {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    onStep(clamp(stepAt(axis, ((event.clientX - left) / width) * axis.end)));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const move = KEYS[event.key];
    if (!move) return;
    event.preventDefault();
    onStep(clamp(move(step ?? lastStep, lastStep)));
  };
  return (
    <div
      className="absolute touch-pan-y"
      style={{ left: plot.left, right: plot.right, top: plot.top, bottom: plot.bottom }}
      onPointerMove={onPointerMove}
      onPointerLeave={() => onStep(null)}
      {...(slider && {
        role: "slider",
        tabIndex: 0,
        "aria-label": slider.label,
        "aria-valuemin": 1,
        "aria-valuemax": Math.max(1, lastStep),
        "aria-valuenow": step ?? lastStep,
        "aria-valuetext": slider.valueText,
        onKeyDown,
        onBlur: () => onStep(null),
      })}
    >
      {step !== null && (
        <div
          className="pointer-events-none absolute inset-y-0 w-px bg-muted"
          style={{ left: `${(placeOf(axis, step) / axis.end) * 100}%` }}
        >
          {height != null && (
            <i
              className="absolute -left-1 size-[9px] translate-y-1/2 rounded-full border-2 border-surface bg-s1"
              style={{ bottom: `${height * 100}%` }}
            />
          )}
        </div>
      )}
    </div>
  );
}

const KEYS: Partial<Record<string, (step: number, lastStep: number) => number>> = {
  ArrowLeft: (step) => step - 1,
  ArrowRight: (step) => step + 1,
  PageDown: (step, lastStep) => step - Math.ceil(lastStep / 10),
  PageUp: (step, lastStep) => step + Math.ceil(lastStep / 10),
  Home: () => 1,
  End: (_step, lastStep) => lastStep,
};
