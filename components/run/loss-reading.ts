import { formatLoss } from "@/lib/base/format";
import type { RunCurves } from "./run-curves";

/** What stands at one step of the loss chart. */
export interface LossReading {
  step: number;
  /** Not a number where the server tells no loss. */
  train: number;
  raw: number | null;
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
    train: shown(train),
    raw: shown(raw),
    validation: shown(validation),
  };
}

function shown(loss: number | null): string {
  return loss === null || Number.isNaN(loss) ? "–" : formatLoss(loss);
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
