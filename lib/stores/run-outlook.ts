import { fitsOneCall } from "@/lib/training/datum";
import { learningRateAt } from "@/lib/training/schedule";
import type { RunConfig } from "@/lib/training/types";

export interface RunOutlook {
  /** Learning rate over the run, at some of its steps, counted from 1. */
  curve: { step: number; rate: number }[];
  /** Training requests: one forward_backward and one optim_step a step. */
  requests: number;
  /** True when long batches may go as several requests. */
  mayNeedMore: boolean;
  checkpoints: number;
}

const CURVE_POINTS = 120;

/** What follows from a config once the number of steps is known. */
export function runOutlook(config: RunConfig, totalSteps: number): RunOutlook {
  return {
    curve: curveSteps(totalSteps).map((step) => ({
      step,
      rate: learningRateAt(config, step - 1, totalSteps),
    })),
    requests: 2 * totalSteps,
    mayNeedMore: !fitsOneCall(config),
    checkpoints: countCheckpoints(config, totalSteps),
  };
}

function countCheckpoints({ saveEvery, epochs }: RunConfig, totalSteps: number): number {
  if (totalSteps === 0) return 0;
  return saveEvery.unit === "epoch" ? epochs : Math.ceil(totalSteps / saveEvery.steps);
}

function curveSteps(totalSteps: number): number[] {
  const count = Math.min(totalSteps, CURVE_POINTS);
  return Array.from({ length: count }, (_, point) =>
    count === 1 ? 1 : 1 + Math.round((point * (totalSteps - 1)) / (count - 1)),
  );
}
