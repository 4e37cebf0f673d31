import type { RunConfig } from "./types";

/**
 * The learning rate of one step: rises evenly over the warm-up, then stays, or falls to 0 after the last step.
 *
 * @param step - counted from 0
 * @param totalSteps - steps of the whole run, warm-up included
 */
export function learningRateAt(
  config: Pick<RunConfig, "learningRate" | "schedule" | "warmupSteps">,
  step: number,
  totalSteps: number,
): number {
  const { learningRate, schedule, warmupSteps } = config;
  if (step < warmupSteps) return (learningRate * (step + 1)) / warmupSteps;
  const done = (step - warmupSteps) / Math.max(1, totalSteps - warmupSteps);
  switch (schedule) {
    case "constant":
      return learningRate;
    case "linear":
      return learningRate * (1 - done);
    case "cosine":
      return learningRate * 0.5 * (1 + Math.cos(Math.PI * done));
  }
}
