import { systemClock } from "@/lib/base/clock";
import { formatCount, formatLoss } from "@/lib/base/format";
import type { TrainingApi } from "@/lib/client/training-api";
import type { TokenRows } from "@/lib/dataset/types";
import type { RunJournal } from "@/lib/training/journal";
import { RunDriver, type DriverUpdate } from "@/lib/training/run-driver";
import type { RunRecord } from "@/lib/training/types";
import type { CommandContext, ProgressStep } from "./command";

/**
 * Drives a run to its end. When `signal` aborts it saves a checkpoint, frees its slot and comes back as `paused`.
 *
 * Rejects with `dataset_invalid` when the rows are not those of the record.
 */
export async function driveRun(
  record: RunRecord,
  { api, journal, rows }: { api: TrainingApi; journal: RunJournal; rows: TokenRows },
  { progress, signal }: Pick<CommandContext, "progress" | "signal">,
): Promise<RunRecord> {
  const driver = new RunDriver(record, {
    ...{ api, journal, rows, clock: systemClock },
    onUpdate: (update) => progress(progressOf(update, signal.aborted)),
    // A crash is what the journal is for; in order, the run ends by being paused.
    signal: new AbortController().signal,
  });
  const pause = () => driver.pause();
  signal.addEventListener("abort", pause, { once: true });
  try {
    driver.start();
    if (signal.aborted) pause();
    return await driver.done;
  } finally {
    signal.removeEventListener("abort", pause);
  }
}

const WAITS: Partial<Record<DriverUpdate["activity"]["code"], string>> = {
  no_free_slot: "Waiting for a free slot",
  adapters_lost: "Waiting: the server has lost its adapters and has to be started again",
  model_absent: "Waiting: the server does not serve the base model at the moment",
  server_busy: "Waiting: the server is busy",
  reconnecting: "Waiting: the server cannot be reached",
};

function progressOf({ record, activity, steps }: DriverUpdate, isEnding: boolean): ProgressStep {
  const { totalSteps } = record.plan;
  const speed = steps.at(-1)?.tokensPerSecond;
  const wait = WAITS[activity.code];
  return {
    label: isEnding ? "Saving and stopping" : (wait ?? "Training"),
    share: totalSteps === 0 ? null : record.step / totalSteps,
    detail: [
      `step ${record.step} of ${totalSteps}`,
      ...(record.lastLoss === null ? [] : [`loss ${formatLoss(record.lastLoss)}`]),
      ...(speed ? [`${formatCount(speed)} tokens/s`] : []),
      ...(wait && activity.reason ? [activity.reason] : []),
    ].join(", "),
  };
}
