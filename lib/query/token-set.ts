import {
  queryOptions,
  skipToken,
  useQuery,
  useQueryClient,
  type QueryKey,
} from "@tanstack/react-query";
import { datasetHost } from "@/lib/workers/dataset-client";
import type { Progress } from "@/lib/workers/hosts";
import type { TokenSetRecord } from "@/lib/storage/types";

export interface TokenSetState {
  tokenSet: TokenSetRecord | undefined;
  /** Null while nothing is being tokenized. */
  progress: Progress | null;
  isTokenizing: boolean;
  error: unknown;
  /** Starts it again after a cancel or a failure. */
  start: () => void;
  /** What was done so far is thrown away. */
  cancel: () => void;
}

const NOTHING_DONE: Progress = { doneBytes: 0, totalBytes: 0, rows: 0 };

const progressKey = (key: QueryKey) => [...key, "progress"];

/** The dataset tokenized for the base model: made when it is first asked for, taken from the browser's storage after that. */
export function tokenSetQuery(datasetId: string, baseModel: string) {
  return queryOptions({
    queryKey: ["token-set", datasetId, baseModel],
    queryFn: ({ signal, client, queryKey }) => {
      client.setQueryData(progressKey(queryKey), NOTHING_DONE);
      return datasetHost().tokenize(datasetId, baseModel, {
        signal,
        onProgress: (progress) => client.setQueryData(progressKey(queryKey), progress),
      });
    },
    networkMode: "always",
    staleTime: Infinity,
    refetchOnWindowFocus: false,
    retry: false,
  });
}

/** Follows {@link tokenSetQuery} with its progress; does nothing until dataset and model are both known. */
export function useTokenSet(
  datasetId: string | undefined,
  baseModel: string | undefined,
): TokenSetState {
  const client = useQueryClient();
  const isKnown = Boolean(datasetId && baseModel);
  const options = tokenSetQuery(datasetId ?? "", baseModel ?? "");
  const query = useQuery({ ...options, enabled: isKnown });
  const { data: progress } = useQuery<Progress>({
    queryKey: progressKey(options.queryKey),
    queryFn: skipToken,
  });
  return {
    tokenSet: query.data,
    progress: query.isFetching ? (progress ?? NOTHING_DONE) : null,
    isTokenizing: query.isFetching,
    error: query.isFetching ? null : query.error,
    start: () => void query.refetch().catch(() => undefined),
    cancel: () => void client.cancelQueries({ queryKey: options.queryKey, exact: true }),
  };
}
