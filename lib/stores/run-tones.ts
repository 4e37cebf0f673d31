import type { RunStatus } from "@/lib/training/types";

/** Which meaning colours a run's status, wherever it stands. */
export const RUN_TONES = {
  preparing: "accent",
  training: "accent",
  saving: "accent",
  waiting: "warn",
  paused: "warn",
  interrupted: "warn",
  stopped: "plain",
  done: "ok",
  failed: "bad",
} as const satisfies Record<RunStatus, string>;

/** True while somebody drives a run that has this status. */
export function isUnderWay(status: RunStatus): boolean {
  return (
    status === "preparing" || status === "training" || status === "saving" || status === "waiting"
  );
}

/** True for a run that can go on from its last checkpoint. */
export function canGoOn(status: RunStatus): boolean {
  return !isUnderWay(status) && status !== "done";
}
