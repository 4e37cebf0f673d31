import { formatLoss } from "@/lib/base/format";
import type { RunCurves } from "./run-curves";

/** What stands at one step of the loss chart. */
export interface LossReading {
  step: number;
  train: number;
  raw: number;
  /** The newest one up to the step. */
  validation: number | null;
  at: number;
}

const TABLE_ROWS = 10;

export function readAt(
  step: number,
  { steps, smoothed, validations }: RunCurves,
): LossReading | null {
  const point = steps[step - 1];
  const train = smoothed[step - 1];
  if (!point || train === undefined) return null;
  const validation = validations.findLast((measured) => measured.step <= step)?.loss ?? null;
  return { step, train, raw: point.loss, validation, at: point.at };
}

export function readingText({ step, train, raw, validation }: LossReading) {
  return {
    step,
    train: formatLoss(train),
    raw: formatLoss(raw),
    validation: validation === null ? "–" : formatLoss(validation),
  };
}

/** The last steps, newest first. */
export function lossTable(curves: RunCurves): string[][] {
  const last = curves.steps.length;
  return Array.from({ length: Math.min(TABLE_ROWS, last) }, (_, back) => {
    const reading = readAt(last - back, curves);
    const text = reading && readingText(reading);
    return [String(last - back), text?.train ?? "", text?.raw ?? "", text?.validation ?? ""];
  });
}
