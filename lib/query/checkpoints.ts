import { mutationOptions, queryOptions, type QueryClient } from "@tanstack/react-query";
import { allTrainingRuns } from "@/lib/client/training-runs";
import { HUB_KEY } from "./hub";
import { SERVER_KEY } from "./server";
import { toTheEnd, trainingApi } from "./studio-calls";

export interface CheckpointRef {
  runId: string;
  /** `weights/NAME` or `sampler_weights/NAME`. */
  checkpointId: string;
}

/** All runs that the server keeps for the session's token, newest change first. */
export function trainingRunsQuery() {
  return queryOptions({
    queryKey: [...SERVER_KEY, "training-runs"],
    queryFn: ({ signal }) => allTrainingRuns(trainingApi, { signal }),
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
