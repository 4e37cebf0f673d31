import { DOCTOR_MARK, type TrainingRun } from "@/lib/protocol/checkpoints";
import type { TrainingApi } from "./training-api";
import type { CallOptions } from "./transport";

const PAGE_SIZE = 100;

/** All pages of the owner's runs, without those that Doctor made. Runs may come and go between two pages; each is listed once. */
export async function allTrainingRuns(
  api: Pick<TrainingApi, "trainingRuns">,
  options: CallOptions,
): Promise<TrainingRun[]> {
  const byId = new Map<string, TrainingRun>();
  let offset = 0;
  for (;;) {
    const page = await api.trainingRuns({ limit: PAGE_SIZE, offset }, options);
    for (const run of page.runs) if (!(DOCTOR_MARK in run.userMetadata)) byId.set(run.id, run);
    offset += page.runs.length;
    const isLast =
      page.totalCount === null ? page.runs.length < PAGE_SIZE : offset >= page.totalCount;
    if (isLast || page.runs.length === 0) return [...byId.values()];
  }
}
