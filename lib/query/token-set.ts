import { queryOptions, skipToken, useQuery, type QueryKey } from "@tanstack/react-query";
import { isAbort } from "@/lib/base/errors";
import { datasetHost } from "@/lib/workers/dataset-client";
import type { Progress } from "@/lib/workers/hosts";
import type { TokenSetRecord } from "@/lib/storage/types";

export interface TokenSetState {
  tokenSet: TokenSetRecord | undefined;
  isTokenizing: boolean;
  error: unknown;
  /** Starts it again after a cancel or a failure. */
  start: () => void;
}

interface Tokenizing {
  progress: Progress;
  /** What was done so far is thrown away. */
  cancel: () => void;
}

const tokenizingKey = (key: QueryKey) => [...key, "tokenizing"];

/**
 * The dataset tokenized for the base model: made when it is first asked for, taken from the browser's storage after that.
 * It goes on while the reader moves from screen to screen; only {@link useTokenizing} can end it early.
 */
export function tokenSetQuery(datasetId: string, baseModel: string) {
  return queryOptions({
    queryKey: ["token-set", datasetId, baseModel],
    queryFn: ({ client, queryKey }) => {
      const abort = new AbortController();
      const tell = (progress: Progress) =>
        client.setQueryData<Tokenizing>(tokenizingKey(queryKey), {
          progress,
          cancel: () => abort.abort(),
        });
      tell({ doneBytes: 0, totalBytes: 0, rows: 0 });
      return datasetHost().tokenize(datasetId, baseModel, {
        signal: abort.signal,
        onProgress: tell,
      });
    },
    networkMode: "always",
    staleTime: Infinity,
    refetchOnWindowFocus: false,
    retry: false,
  });
}

/** Follows {@link tokenSetQuery}; does nothing until dataset and model are both known. */
export function useTokenSet(
  datasetId: string | undefined,
  baseModel: string | undefined,
): TokenSetState {
  const { data, isFetching, error, refetch } = useQuery({
    ...tokenSetQuery(datasetId ?? "", baseModel ?? ""),
    enabled: Boolean(datasetId && baseModel),
  });
  return {
    tokenSet: data,
    isTokenizing: isFetching,
    error: isFetching || isAbort(error) ? null : error,
    start: () => void refetch(),
  };
}

/** How far it is, many times a second, and the way to end it: for the one place that shows it. */
export function useTokenizing(datasetId: string, baseModel: string): Tokenizing | undefined {
  const { queryKey } = tokenSetQuery(datasetId, baseModel);
  return useQuery<Tokenizing>({ queryKey: tokenizingKey(queryKey), queryFn: skipToken }).data;
}
