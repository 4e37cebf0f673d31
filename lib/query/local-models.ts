import { mutationOptions, queryOptions, type QueryClient } from "@tanstack/react-query";
import { WireError } from "@/lib/base/errors";
import type { LocalModels } from "@/lib/protocol/local-models";
import { capabilitiesQuery, SERVER_KEY } from "./server";
import { toTheEnd, trainingApi } from "./studio-calls";

const DOWNLOAD_INTERVAL_MS = 500;
const LOCAL_MODELS_KEY = [...SERVER_KEY, "local-models"] as const;

/** What the local server tells of its models beyond their names; null on a server that has no such call. */
export function localModelsQuery() {
  return queryOptions({
    queryKey: LOCAL_MODELS_KEY,
    queryFn: async ({ signal, client }): Promise<LocalModels | null> => {
      try {
        const models = await trainingApi.localModels({ signal });
        announceArrivals(client, models);
        return models;
      } catch (error) {
        if (error instanceof WireError && error.status === 404) return null;
        throw error;
      }
    },
    refetchInterval: ({ state }) => (state.data?.download ? DOWNLOAD_INTERVAL_MS : false),
  });
}

export function startDownloadMutation(client: QueryClient) {
  return mutationOptions({
    mutationFn: (model: string) => trainingApi.startDownload(model, toTheEnd),
    onSuccess: (models) => client.setQueryData(LOCAL_MODELS_KEY, models),
  });
}

export function cancelDownloadMutation(client: QueryClient) {
  return mutationOptions({
    mutationFn: (model: string) => trainingApi.cancelDownload(model, toTheEnd),
    onSuccess: (models) => client.setQueryData(LOCAL_MODELS_KEY, models),
  });
}

/** The lists of models on other screens come from the server's capabilities. */
function announceArrivals(client: QueryClient, { served }: LocalModels): void {
  const { queryKey } = capabilitiesQuery();
  const known = client.getQueryData(queryKey)?.models;
  if (known && served.some(({ name }) => !known.some((model) => model.name === name)))
    void client.invalidateQueries({ queryKey });
}
