import type { RunWithHistory } from "@/lib/training/journal";
import type { RunActivity, RunStatus } from "@/lib/training/types";
import type { LiveRun } from "./live-run-updates";

const ACTIVITIES: Partial<Record<RunStatus, RunActivity["code"]>> = {
  preparing: "creating_model",
  training: "awaiting_step",
  saving: "saving",
  waiting: "server_busy",
};

/**
 * A run of the command line as a run page shows it, as far as its journal tells.
 *
 * @param readAt - tells one reading of the journal from another
 */
export function liveCommandRun(
  { record, steps, validations, log }: RunWithHistory,
  readAt: number,
): LiveRun {
  return {
    record,
    activity: {
      code: ACTIVITIES[record.status] ?? "idle",
      step: record.step + 1,
      since: record.updatedAt,
    },
    connection: { lastAcknowledgedAt: null, lastHeartbeatAt: null, queueState: null, retries: 0 },
    isDriver: false,
    isFromCommandLine: true,
    steps: { points: steps, version: readAt },
    validations,
    log,
  };
}
