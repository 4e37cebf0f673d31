import { queryOptions } from "@tanstack/react-query";
import type { RunWithHistory } from "@/lib/training/journal";
import type { RunRecord } from "@/lib/training/types";
import { ownAnswer, studioRoutes } from "./studio-calls";

/** Begins every key that belongs to runs of the command line. */
const KEY = ["command-runs"] as const;

const LOOK_AGAIN_MS = 2_000;
const SKETCH_POINTS = 48;

/** Runs of this machine's command line, newest first; one that no process drives is `interrupted`. */
export function commandRunsQuery() {
  return queryOptions({
    queryKey: KEY,
    queryFn: async ({ signal }) =>
      (
        await studioRoutes.call(
          { method: "GET", path: "command-runs", answer: ownAnswer<{ runs: RunRecord[] }>() },
          { signal },
        )
      ).runs,
    refetchInterval: LOOK_AGAIN_MS,
  });
}

/** One of them with its history, read anew until it is done. */
export function commandRunQuery(key: string) {
  return queryOptions({
    queryKey: [...KEY, key],
    queryFn: ({ signal }) => readRun(key, signal),
    refetchInterval: ({ state }) => (state.data?.record.status === "done" ? false : LOOK_AGAIN_MS),
    retry: false,
  });
}

/** A few losses over the course of one, for a small picture; read anew when it has other steps. */
export function commandSketchQuery(key: string, step: number) {
  return queryOptions({
    queryKey: [...KEY, key, "sketch", step],
    queryFn: async ({ signal }: { signal: AbortSignal }) => {
      const { steps } = await readRun(key, signal);
      const stride = Math.max(1, Math.ceil(steps.length / SKETCH_POINTS));
      return steps.filter((_, at) => at % stride === 0).flatMap(({ loss }) => loss ?? []);
    },
    placeholderData: (previous: number[] | undefined) => previous,
    staleTime: Infinity,
  });
}

function readRun(key: string, signal: AbortSignal): Promise<RunWithHistory> {
  return studioRoutes.call(
    { method: "GET", path: `command-runs/${key}`, answer: ownAnswer<RunWithHistory>() },
    { signal },
  );
}
