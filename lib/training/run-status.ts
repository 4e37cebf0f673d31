import type { RunState, Work } from "./run-state";
import { FINISHED, type RunActivity, type RunRecord, type RunStatus } from "./types";

/** The state with the status and the activity that follow from the rest of it. */
export function withStatus(state: RunState): RunState {
  const status = statusOf(state);
  const activity = activityOf(state);
  const isSame =
    activity.code === state.activity.code &&
    activity.step === state.activity.step &&
    activity.reason === state.activity.reason;
  return {
    ...state,
    record: status === state.record.status ? state.record : { ...state.record, status },
    activity: isSame ? state.activity : { ...activity, since: state.record.updatedAt },
  };
}

/** A record as anybody but its driver sees it: one that nobody drives cannot be under way. */
export function asSeen(record: RunRecord, isDriven: boolean): RunRecord {
  const isAtRest = record.status === "paused" || FINISHED.includes(record.status);
  return isDriven || isAtRest ? record : { ...record, status: "interrupted" };
}

function statusOf({ phase, blocked, inFlight, record }: RunState): RunStatus {
  if (phase === "unloading" || phase === "released") return record.status;
  if (blocked) return "waiting";
  if (phase !== "training") return "preparing";
  return inFlight[0]?.kind === "save" ? "saving" : "training";
}

function activityOf({ phase, blocked, inFlight, record }: RunState): Omit<RunActivity, "since"> {
  if (phase === "released") return { code: "idle" };
  if (phase === "unloading") return { code: "unloading" };
  if (blocked) return { code: blocked.code, reason: blocked.reason };
  if (phase === "opening") return { code: "creating_session" };
  const head = inFlight[0];
  return head ? workActivity(head) : { code: "sending_step", step: record.step + 1 };
}

function workActivity(work: Work): Omit<RunActivity, "since"> {
  switch (work.kind) {
    case "create_model":
      return { code: "creating_model" };
    case "load_weights":
      return { code: "loading_weights" };
    case "step":
      return { code: "awaiting_step", step: work.step + 1 };
    case "validate":
      return { code: "validating", step: work.step };
    case "save":
      return { code: "saving", step: work.nextStep };
    case "save_for_sampling":
      return { code: "saving" };
  }
}
