import { queryOptions } from "@tanstack/react-query";
import { WireError } from "@/lib/base/errors";
import { serverCapabilities } from "@/lib/client/server-capabilities";
import type { LoraCapacity } from "@/lib/protocol/capabilities";
import { trainingApi } from "./studio-calls";

/** Begins every key that belongs to the connected training server. */
export const SERVER_KEY = ["server"] as const;

const HEALTH_INTERVAL_MS = 15_000;

export function capabilitiesQuery() {
  return queryOptions({
    queryKey: [...SERVER_KEY, "capabilities"],
    queryFn: ({ signal }) => serverCapabilities(trainingApi, { signal }),
    staleTime: 60_000,
  });
}

/** Free adapter slots; null on a server that does not tell. */
export function capacityQuery() {
  return queryOptions({
    queryKey: [...SERVER_KEY, "capacity"],
    queryFn: async ({ signal }): Promise<LoraCapacity | null> => {
      try {
        const capacity = await trainingApi.capacity({ signal });
        // Twinkle counts its slots once a model was made.
        return capacity.maxLoras > 0 ? capacity : null;
      } catch (error) {
        if (error instanceof WireError && error.status === 404) return null;
        throw error;
      }
    },
    refetchInterval: HEALTH_INTERVAL_MS,
  });
}

/** That the server answers, and how fast through the studio. */
export function healthQuery() {
  return queryOptions({
    queryKey: [...SERVER_KEY, "health"],
    queryFn: async ({ signal }) => {
      const sentAt = performance.now();
      await trainingApi.health({ signal });
      return { latencyMs: Math.round(performance.now() - sentAt) };
    },
    refetchInterval: HEALTH_INTERVAL_MS,
  });
}
