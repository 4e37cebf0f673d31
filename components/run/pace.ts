import type { Gap } from "@/components/charts/step-axis";
import type { StepPoint } from "@/lib/training/types";

const WINDOW = 20;

/** Milliseconds a step, over the newest steps since the run last stood still; null before there are two. */
export function msPerStep(
  steps: readonly Pick<StepPoint, "step" | "at">[],
  gaps: readonly Gap[],
): number | null {
  const newest = steps.at(-1);
  if (!newest) return null;
  const since = Math.max(gaps.at(-1)?.step ?? 1, newest.step - WINDOW);
  const oldest = steps[since - 1];
  if (!oldest || oldest.step >= newest.step) return null;
  return (newest.at - oldest.at) / (newest.step - oldest.step);
}
