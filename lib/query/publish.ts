import type { QueryClient } from "@tanstack/react-query";
import { systemClock } from "@/lib/base/clock";
import { modelCard, type ModelCardFacts } from "@/lib/base/model-card";
import { awaitAdapter } from "@/lib/base/publish-outcome";
import type { HubModel } from "@/lib/config/studio-api";
import { hubModelQuery } from "./hub";
import { ownAnswer, studioRoutes, toTheEnd } from "./studio-calls";

/** The model once the hub shows the whole adapter; null when it does not within the time. */
export function awaitPublished(
  client: QueryClient,
  modelId: string,
  { wasCut }: { wasCut: boolean },
): Promise<HubModel | null> {
  const look = () =>
    client.fetchQuery({ ...hubModelQuery(modelId), staleTime: 0, retry: false }).catch(() => null);
  return awaitAdapter(look, { wasCut, clock: systemClock, ...toTheEnd });
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
