import { useMemo } from "react";
import type { LiveRun } from "@/lib/stores/live-run-updates";
import { runOutlook } from "@/lib/stores/run-outlook";
import { runCurves, type CurveSettings, type RunCurves } from "./run-curves";
import { useThrottled } from "./use-throttled";

/** Four times a second the eye sees a curve grow, and fifty thousand steps leave the page time for everything else. */
const REDRAW_MS = 250;

/** The curves of a run. Memoized by hand: a long run is much to compute, and the charts draw anew when they change. */
export function useRunCurves(run: LiveRun, settings: CurveSettings): RunCurves {
  const shown = useThrottled(run, REDRAW_MS);
  return useMemo(() => {
    const { config, plan, resumes, checkpoints } = shown.record;
    const input = {
      points: shown.steps.points,
      validations: shown.validations,
      resumes,
      savedSteps: checkpoints.map(({ nextStep }) => nextStep),
      totalSteps: plan.totalSteps,
      plannedRates: runOutlook(config, plan.totalSteps).curve,
    };
    return runCurves(input, settings);
  }, [shown, settings]);
}
