import { queryOptions } from "@tanstack/react-query";
import type { RunWithHistory } from "@/lib/training/journal";
import type { RunRecord } from "@/lib/training/types";
import { ownAnswer, studioRoutes } from "./studio-calls";

/** Begins every key that belongs to runs of the command line. */
const KEY = ["command-runs"] as const;

const LOOK_AGAIN_MS = 2_000;

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

/** One of them with its history, read anew while it is under way. */
export function commandRunQuery(key: string) {
  return queryOptions({
    queryKey: [...KEY, key],
    queryFn: ({ signal }) =>
      studioRoutes.call(
        { method: "GET", path: `command-runs/${key}`, answer: ownAnswer<RunWithHistory>() },
        { signal },
      ),
    refetchInterval: LOOK_AGAIN_MS,
    retry: false,
  });
}
