import { queryOptions, useQuery } from "@tanstack/react-query";
import { datasetHost } from "@/lib/workers/dataset-client";
import type { DatasetRecord, TokenSetRecord } from "@/lib/storage/types";
import { capabilitiesQuery } from "./server";

const LONGEST_ROW_BY_DEFAULT = 2048;

/** What the defaults of a run follow from. */
export interface RunFacts {
  dataset: DatasetRecord;
  rowCount: number;
  longestRow: number;
  baseModel: string;
  hiddenSize: number | null;
  maxPositions: number | null;
  isHubSlice: boolean;
}

/** What the base model's own files say. */
export function modelFactsQuery(baseModel: string) {
  return queryOptions({
    queryKey: ["model-facts", baseModel],
    queryFn: () => datasetHost().modelFacts(baseModel),
    staleTime: Infinity,
    retry: false,
  });
}

/** Null until dataset and model are known; without a token set the longest row is taken to be as long as the model allows. */
export function useRunFacts(
  dataset: DatasetRecord | undefined,
  baseModel: string | undefined,
  tokenSet: TokenSetRecord | undefined,
): RunFacts | null {
  const { data: capabilities } = useQuery(capabilitiesQuery());
  const model = useQuery({ ...modelFactsQuery(baseModel ?? ""), enabled: Boolean(baseModel) });
  if (!dataset || !baseModel || model.isPending) return null;

  const contextLength =
    capabilities?.models.find((offered) => offered.name === baseModel)?.maxContextLength ?? null;
  const maxPositions = smallest(contextLength, model.data?.maxPositions ?? null);
  return {
    dataset,
    baseModel,
    rowCount: tokenSet?.rowCount ?? dataset.rowCount,
    longestRow: tokenSet?.longestRow ?? maxPositions ?? LONGEST_ROW_BY_DEFAULT,
    hiddenSize: model.data?.hiddenSize ?? null,
    maxPositions,
    isHubSlice: dataset.source === "hub",
  };
}

function smallest(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.min(a, b);
}
