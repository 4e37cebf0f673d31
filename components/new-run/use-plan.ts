import { useQuery } from "@tanstack/react-query";
import { runPlanQuery } from "@/lib/query/run-plan";
import type { RunForm } from "@/lib/stores/run-form";
import { runOutlook } from "@/lib/stores/run-outlook";
import { useDebounced } from "./use-debounced";

const SETTLE_MS = 250;

/** What the form comes to, a moment after the last change; null until it can be known. */
export function usePlan(form: RunForm | null, isTokenized: boolean) {
  const config = form?.config ?? null;
  const typed = JSON.stringify(config);
  const isSettled = useDebounced(typed, SETTLE_MS) === typed;
  const isReady = isTokenized && isSettled;
  const { data, error, isPlaceholderData } = useQuery(runPlanQuery(isReady ? config : null));
  const plan = isTokenized && config ? (data ?? null) : null;
  return {
    plan,
    outlook: plan && config && runOutlook(config, plan.totalSteps),
    /** The plan belongs to what the form says now. */
    isCurrent: plan !== null && isReady && !isPlaceholderData,
    error,
  };
}
