import type { QueryClient } from "@tanstack/react-query";
import { systemClock } from "@/lib/base/clock";
import type { ErrorReport } from "@/lib/base/errors";
import { modelCard, type ModelCardFacts } from "@/lib/base/model-card";
import type { HubModel } from "@/lib/config/studio-api";
import { hubModelQuery } from "./hub";
import { ownAnswer, studioRoutes, toTheEnd } from "./studio-calls";

const ADAPTER_FILES = ["adapter_config.json", "adapter_model.safetensors"] as const;
const LOST_ON_THE_WAY = [408, 502, 503, 504];
const POLL_MS = 3_000;

/** True when the answer got lost on the way, so that the upload may have gone through all the same. */
export function isCut({ code, details }: ErrorReport): boolean {
  return (
    code === "unreachable" ||
    code === "timeout" ||
    LOST_ON_THE_WAY.includes(Number(details?.["status"]))
  );
}

/** The model once the hub shows the whole adapter; null when it does not within the time. */
export async function awaitAdapter(
  client: QueryClient,
  modelId: string,
  { forMs, signal }: { forMs: number; signal: AbortSignal },
): Promise<HubModel | null> {
  const deadline = systemClock.now() + forMs;
  for (;;) {
    const model = await client
      .fetchQuery({ ...hubModelQuery(modelId), staleTime: 0, retry: false })
      .catch(() => null);
    if (model && hasAdapter(model)) return model;
    if (systemClock.now() >= deadline) return null;
    await systemClock.sleep(POLL_MS, { signal });
  }
}

/** Gives the model its card, unless the server that published it wrote one. */
export async function addModelCard(facts: Omit<ModelCardFacts, "license">): Promise<void> {
  await studioRoutes.call(
    {
      method: "PUT",
      path: `hub/models/${facts.repository}/card`,
      body: { card: modelCard({ ...facts, license: null }) },
      answer: ownAnswer<{ added: boolean }>(),
    },
    toTheEnd,
  );
}

function hasAdapter({ files }: HubModel): boolean {
  return ADAPTER_FILES.every((name) =>
    files.some(({ path, sizeBytes }) => path === name && sizeBytes > 0),
  );
}
