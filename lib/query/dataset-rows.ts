import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { datasetHost } from "@/lib/workers/dataset-client";

export const ROWS_A_PAGE = 50;
export const HISTOGRAM_BINS = 48;

/** Rows and tokens never change under their keys, and are read from this browser, not from the network. */
const LOCAL_AND_FIXED = { networkMode: "always", staleTime: Infinity } as const;

export function rowsPageQuery(datasetId: string, page: number) {
  return queryOptions({
    queryKey: ["dataset-rows", datasetId, page],
    queryFn: () => datasetHost().readRows(datasetId, page * ROWS_A_PAGE, ROWS_A_PAGE),
    ...LOCAL_AND_FIXED,
  });
}

/** Only for a dataset that is tokenized for the model already. */
export function rowTokensQuery(datasetId: string, baseModel: string, row: number) {
  return queryOptions({
    queryKey: ["row-tokens", datasetId, baseModel, row],
    queryFn: () => datasetHost().rowTokens(datasetId, baseModel, row),
    placeholderData: keepPreviousData,
    ...LOCAL_AND_FIXED,
  });
}

export function rowLengthsQuery(tokenSetId: string) {
  return queryOptions({
    queryKey: ["row-lengths", tokenSetId],
    queryFn: () => datasetHost().rowLengths(tokenSetId),
    structuralSharing: false,
    ...LOCAL_AND_FIXED,
  });
}

export function lengthHistogramQuery(tokenSetId: string) {
  return queryOptions({
    queryKey: ["length-histogram", tokenSetId],
    queryFn: () => datasetHost().lengthHistogram(tokenSetId, HISTOGRAM_BINS),
    ...LOCAL_AND_FIXED,
  });
}
