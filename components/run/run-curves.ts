import { curveRows, type CurveRow } from "@/components/charts/curve-rows";
import { downsample } from "@/components/charts/downsample";
import { smooth } from "@/components/charts/smooth";
import { gapsIn, placeOf, stepAxis, type StepAxis } from "@/components/charts/step-axis";
import { valueScale, type ScaleKind, type ValueScale } from "@/components/charts/value-scale";
import type { ResumeMark, StepPoint, ValidationPoint } from "@/lib/training/types";

export interface CurveSettings {
  /** Weight of the past in the smoothed loss, from 0 to below 1. */
  smoothing: number;
  scale: ScaleKind;
}

export interface MiniCurve {
  rows: CurveRow<"value" | "planned">[];
  scale: ValueScale;
  /** The newest value; null where the server does not tell. */
  last: number | null;
}

/** All that the charts of a run draw, downsampled, and the whole smoothed loss for readouts. */
export interface RunCurves {
  axis: StepAxis;
  /** Confirmed steps that went into the curves; index 0 is step 1. */
  steps: readonly StepPoint[];
  smoothed: Float64Array;
  validations: readonly ValidationPoint[];
  /** Steps after which a checkpoint was saved. */
  savedSteps: readonly number[];
  loss: { rows: CurveRow<"raw" | "smoothed">[]; scale: ValueScale };
  rate: MiniCurve;
  norm: MiniCurve;
  speed: MiniCurve;
}

export interface CurveInput {
  points: readonly StepPoint[];
  validations: readonly ValidationPoint[];
  resumes: readonly ResumeMark[];
  savedSteps: readonly number[];
  totalSteps: number;
  /** Learning rate as it is planned, at some steps. */
  plannedRates: readonly { step: number; rate: number }[];
}

const MOST_ROWS = 1000;
const MOST_MINI_ROWS = 300;
const LOSS_TICKS = 5;
const MINI_TICKS = 2;
const LEAST_LOG_LOSS = 1e-6;

/** The weight that smooths over about a fortieth of the run, between two and a hundred steps. */
export function firstSmoothing(totalSteps: number): number {
  return Number((1 - 1 / Math.min(100, Math.max(2, totalSteps / 40))).toFixed(2));
}

export function runCurves(input: CurveInput, settings: CurveSettings): RunCurves {
  // The live array grows in place; the curves are of one moment.
  const steps = input.points.slice();
  const axis = stepAxis(input.totalSteps, gapsIn(input.resumes, steps));
  const losses = columnOf(steps, ({ loss }) => loss ?? Number.NaN);
  const smoothed = smooth(losses, settings.smoothing);
  return {
    axis,
    steps,
    smoothed,
    validations: input.validations,
    savedSteps: input.savedSteps,
    loss: lossCurve(axis, losses, smoothed, input.validations, settings.scale),
    rate: rateCurve(axis, steps, input.plannedRates),
    norm: miniCurve(axis, steps, ({ gradNorm }) => gradNorm),
    speed: miniCurve(axis, steps, ({ tokensPerSecond }) => tokensPerSecond),
  };
}

function lossCurve(
  axis: StepAxis,
  losses: Float64Array,
  smoothed: Float64Array,
  validations: readonly ValidationPoint[],
  kind: ScaleKind,
): RunCurves["loss"] {
  const least = kind === "log" ? LEAST_LOG_LOSS : -Infinity;
  const raw = losses.map((loss) => Math.max(least, loss));
  const shown = smoothed.map((loss) => Math.max(least, loss));
  const [lowest, highest] = rangeOf(
    raw,
    validations.map(({ loss }) => Math.max(least, loss)),
  );
  return {
    rows: curveRows(axis, downsample(raw, MOST_ROWS), { raw, smoothed: shown }),
    scale: valueScale(kind, lowest, highest, LOSS_TICKS),
  };
}

function miniCurve(
  axis: StepAxis,
  steps: readonly StepPoint[],
  valueOf: (point: StepPoint) => number | null,
): MiniCurve {
  const value = columnOf(steps, (point) => valueOf(point) ?? Number.NaN);
  const planned = new Float64Array(steps.length).fill(Number.NaN);
  return {
    rows: curveRows(axis, downsample(value, MOST_MINI_ROWS), { value, planned }),
    scale: valueScale("linear", 0, rangeOf(value)[1], MINI_TICKS),
    last: value.findLast((entry) => !Number.isNaN(entry)) ?? null,
  };
}

function rateCurve(
  axis: StepAxis,
  steps: readonly StepPoint[],
  plannedRates: CurveInput["plannedRates"],
): MiniCurve {
  const curve = miniCurve(axis, steps, ({ learningRate }) => learningRate);
  const now = curve.rows.at(-1);
  const toCome = plannedRates
    .filter(({ step }) => step > steps.length)
    .map(({ step, rate }) => ({ place: placeOf(axis, step), value: null, planned: rate }));
  const joint = now ? [{ ...now, value: null, planned: now.value }] : [];
  const [, highest] = rangeOf(
    columnOf(steps, ({ learningRate }) => learningRate),
    plannedRates.map(({ rate }) => rate),
  );
  return {
    ...curve,
    rows: [...curve.rows, ...joint, ...toCome],
    scale: valueScale("linear", 0, highest, MINI_TICKS),
  };
}

/** One figure of every step; by hand, since `Float64Array.from` takes many times as long for a long run. */
function columnOf(
  steps: readonly StepPoint[],
  valueOf: (point: StepPoint) => number,
): Float64Array<ArrayBuffer> {
  const column = new Float64Array(steps.length);
  for (let index = 0; index < steps.length; index++) column[index] = valueOf(steps[index]!);
  return column;
}

/** Lowest and highest of all values that are known; 0 and 1 where there are none. */
function rangeOf(...curves: ArrayLike<number>[]): [number, number] {
  let lowest = Infinity;
  let highest = -Infinity;
  for (const values of curves) {
    for (let index = 0; index < values.length; index++) {
      const value = values[index]!;
      if (value < lowest) lowest = value;
      if (value > highest) highest = value;
    }
  }
  return lowest <= highest ? [lowest, highest] : [0, 1];
}
