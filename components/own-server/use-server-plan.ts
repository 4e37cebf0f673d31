import { useState } from "react";
import { DEFAULT_DRAFT, planOf, type PlanDraft } from "@/lib/server-config/plan-draft";
import { serverSetup } from "@/lib/server-config/server-setup";
import type { PlanProblem, ServerPlan, ServerSetup } from "@/lib/server-config/types";

export interface ServerPlanForm {
  draft: PlanDraft;
  edit: (edits: Partial<PlanDraft>) => void;
  plan: ServerPlan;
  problemOf: (field: keyof ServerPlan) => PlanProblem | undefined;
  /** Null while a field stands against it. */
  setup: ServerSetup | null;
}

/** The form of one's own server, and what it comes to at every keystroke. */
export function useServerPlan(): ServerPlanForm {
  const [draft, setDraft] = useState(DEFAULT_DRAFT);
  const { plan, problems } = planOf(draft);
  return {
    ...{ draft, plan },
    edit: (edits) => setDraft((before) => ({ ...before, ...edits })),
    problemOf: (field) => problems.find((problem) => problem.field === field),
    setup: problems.length === 0 ? serverSetup(plan) : null,
  };
}
