"use client";

import { useQuery } from "@tanstack/react-query";
import type { Tone } from "@/components/ui/tag";
import { capacityQuery, healthQuery } from "@/lib/query/server";
import { sessionQuery } from "@/lib/query/session";

/** How the connected server is doing, from answers that it really gave. */
export function useServerHealth() {
  const session = useQuery(sessionQuery());
  const isConnected = session.data?.connected ?? false;
  const health = useQuery({ ...healthQuery(), enabled: isConnected });
  const capacity = useQuery({ ...capacityQuery(), enabled: isConnected });
  const tone: Tone = !isConnected ? "plain" : health.isError ? "bad" : health.data ? "ok" : "plain";
  return {
    session: session.data,
    isConnected,
    tone,
    isKnown: !health.isPending && !capacity.isPending,
    isUnreachable: health.isError,
    latencyMs: health.data?.latencyMs ?? null,
    capacity: capacity.data ?? null,
  };
}
