import type { RunConfig, RunPlan, RunRecord } from "./types";

/** The record of a run that has not begun. */
export function newRunRecord(
  config: RunConfig,
  plan: RunPlan,
  { key, serverId, at }: { key: string; serverId: string; at: number },
): RunRecord {
  return {
    key,
    serverId,
    serverRunId: null,
    config,
    plan: planFacts(plan),
    status: "preparing",
    step: 0,
    lastLoss: null,
    lastValidationLoss: null,
    checkpoints: [],
    resumes: [],
    error: null,
    createdAt: at,
    updatedAt: at,
    activeMs: 0,
  };
}

/** True when a plan made again comes to what the record says, so that every step has the rows that it had before. */
export function isPlannedOn(record: RunRecord, plan: RunPlan): boolean {
  const now = planFacts(plan);
  return (Object.keys(now) as (keyof typeof now)[]).every(
    (fact) => record.plan[fact] === now[fact],
  );
}

function planFacts({ trainRows, validationRows, ...facts }: RunPlan): RunRecord["plan"] {
  return { ...facts, trainRowCount: trainRows.length, validationRowCount: validationRows.length };
}
