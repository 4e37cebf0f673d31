import { mutationOptions, queryOptions, type QueryClient } from "@tanstack/react-query";
import type { TrainingRun } from "@/lib/protocol/checkpoints";
import { HUB_KEY } from "./hub";
import { SERVER_KEY } from "./server";
import { toTheEnd, trainingApi } from "./studio-calls";

const PAGE_SIZE = 100;

export interface CheckpointRef {
  runId: string;
  /** `weights/NAME` or `sampler_weights/NAME`. */
  checkpointId: string;
}

/** All runs that the server keeps for the session's token, newest change first. */
export function trainingRunsQuery() {
  return queryOptions({
    queryKey: [...SERVER_KEY, "training-runs"],
    queryFn: ({ signal }) => allTrainingRuns(signal),
  });
}

export function checkpointsQuery(runId: string) {
  return queryOptions({
    queryKey: [...SERVER_KEY, "checkpoints", runId],
    queryFn: ({ signal }) => trainingApi.checkpoints(runId, { signal }),
  });
}

/** Base model and rank of a checkpoint, by its path. */
export function weightsInfoQuery(path: string) {
  return queryOptions({
    queryKey: [...SERVER_KEY, "weights-info", path],
    queryFn: ({ signal }) => trainingApi.weightsInfo(path, { signal }),
    staleTime: Infinity,
  });
}

export function deleteCheckpointMutation(client: QueryClient) {
  return mutationOptions({
    mutationFn: ({ runId, checkpointId }: CheckpointRef) =>
      trainingApi.deleteCheckpoint(runId, checkpointId, toTheEnd),
    onSettled: (_answer, _error, { runId }) =>
      client.invalidateQueries({ queryKey: checkpointsQuery(runId).queryKey }),
  });
}

/** Resolves when the upload has ended, which may take many minutes. */
export function publishMutation(client: QueryClient) {
  return mutationOptions({
    mutationFn: ({ runId, checkpointId }: CheckpointRef) =>
      trainingApi.publish(runId, checkpointId, toTheEnd),
    onSettled: () => client.invalidateQueries({ queryKey: HUB_KEY }),
  });
}

/** Runs may come and go between two pages; each is listed once. */
async function allTrainingRuns(signal: AbortSignal): Promise<TrainingRun[]> {
  const byId = new Map<string, TrainingRun>();
  let offset = 0;
  for (;;) {
    const page = await trainingApi.trainingRuns({ limit: PAGE_SIZE, offset }, { signal });
    for (const run of page.runs) byId.set(run.id, run);
    offset += page.runs.length;
    const isLast =
      page.totalCount === null ? page.runs.length < PAGE_SIZE : offset >= page.totalCount;
    if (isLast || page.runs.length === 0) return [...byId.values()];
  }
}
