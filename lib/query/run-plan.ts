import { keepPreviousData, queryOptions, skipToken } from "@tanstack/react-query";
import { datasetHost } from "@/lib/workers/dataset-client";
import type { DatasetHost } from "@/lib/workers/hosts";

type RunConfig = Parameters<DatasetHost["planRun"]>[0];

const KEPT_MS = 30_000;

/** What a run comes to; only for a dataset that is tokenized for the base model. The former plan stays in sight while the next is made. */
export function runPlanQuery(config: RunConfig | null) {
  return queryOptions({
    queryKey: ["run-plan", config && whatCounts(config)],
    queryFn: config ? () => datasetHost().planRun(config) : skipToken,
    networkMode: "always",
    staleTime: Infinity,
    gcTime: KEPT_MS,
    structuralSharing: false,
    placeholderData: keepPreviousData,
    retry: false,
  });
}

/** Two configs that agree in these come to the same plan. */
function whatCounts(config: RunConfig) {
  const { datasetId, baseModel, seed, epochs, batchSize } = config;
  const { maxLength, overLength, validationShare } = config;
  return { datasetId, baseModel, seed, epochs, batchSize, maxLength, overLength, validationShare };
}
