import { mutationOptions, queryOptions } from "@tanstack/react-query";
import { readLossSketch } from "@/lib/storage/loss-sketch";
import { findRun, listRuns } from "@/lib/workers/runs";
import { trainingHost } from "@/lib/workers/training-client";

/** Begins every key that belongs to the runs of this browser. */
const KEY = ["runs"] as const;

const LOOK_AGAIN_MS = 2_000;
const SKETCH_POINTS = 48;

/** All runs of this browser, newest first; one that nobody drives is `interrupted`. */
export function runsQuery() {
  return queryOptions({
    queryKey: KEY,
    queryFn: listRuns,
    networkMode: "always",
    refetchInterval: LOOK_AGAIN_MS,
  });
}

/** One run as {@link runsQuery} has it; null when this browser does not have it. */
export function runQuery(key: string) {
  return queryOptions({
    queryKey: [...KEY, key],
    queryFn: async () => (await findRun(key)) ?? null,
    networkMode: "always",
  });
}

/** A few losses over the run's course, for a small picture; read anew when it has grown by one of them. */
export function lossSketchQuery(
  key: string,
  { step, totalSteps }: { step: number; totalSteps: number },
) {
  const stride = Math.ceil(totalSteps / SKETCH_POINTS);
  const upTo = step === totalSteps ? step : step - (step % stride);
  return queryOptions({
    queryKey: [...KEY, key, "sketch", upTo],
    queryFn: () => readLossSketch(key, upTo, SKETCH_POINTS),
    placeholderData: (previous: number[] | undefined) => previous,
    networkMode: "always",
    staleTime: Infinity,
  });
}

export function removeRunMutation() {
  return mutationOptions({
    mutationFn: (key: string) => trainingHost().remove(key),
    networkMode: "always",
    onSettled: (_nothing, _error, _key, _result, { client }) =>
      client.invalidateQueries({ queryKey: KEY }),
  });
}
