import { mutationOptions, queryOptions } from "@tanstack/react-query";
import { StudioError } from "@/lib/base/errors";
import { getDataset, listDatasets } from "@/lib/storage/datasets";
import type { DatasetRecord } from "@/lib/storage/types";
import { datasetHost } from "@/lib/workers/dataset-client";
import type { Progress } from "@/lib/workers/hosts";
import { DATASETS_KEY } from "./keys";

/** All datasets of this browser, newest first. */
export function datasetsQuery() {
  return queryOptions({ queryKey: DATASETS_KEY, queryFn: listDatasets, networkMode: "always" });
}

export function datasetQuery(datasetId: string) {
  return queryOptions({
    queryKey: [...DATASETS_KEY, datasetId],
    queryFn: async () => {
      const record = await getDataset(datasetId);
      if (!record) throw new StudioError("not_found", `no dataset ${datasetId} in this browser`);
      return record;
    },
    networkMode: "always",
  });
}

export interface DatasetImport {
  file: Blob;
  name: string;
  source: DatasetRecord["source"];
  placeholders?: Readonly<Record<string, string>>;
  signal: AbortSignal;
  onProgress?: (progress: Progress) => void;
}

export interface HubSliceRequest {
  address: string;
  rows: number;
  signal: AbortSignal;
  onProgress?: (progress: Progress) => void;
}

/** The first rows of a dataset of a hub, to be imported once their placeholders have values. */
export function readHubSliceMutation() {
  return mutationOptions({
    mutationFn: ({ address, rows, ...options }: HubSliceRequest) =>
      datasetHost().readHubSlice(address, rows, options),
  });
}

export function importDatasetMutation() {
  return mutationOptions({
    mutationFn: ({ file, ...options }: DatasetImport) => datasetHost().importFile(file, options),
    networkMode: "always",
    onSuccess: (record, _import, _result, { client }) => {
      client.setQueryData(datasetQuery(record.id).queryKey, record);
      return client.invalidateQueries({ queryKey: DATASETS_KEY, exact: true });
    },
  });
}

export function removeDatasetMutation() {
  return mutationOptions({
    mutationFn: (datasetId: string) => datasetHost().removeDataset(datasetId),
    networkMode: "always",
    onSuccess: (_nothing, datasetId, _result, { client }) => {
      client.removeQueries({ queryKey: datasetQuery(datasetId).queryKey });
      client.removeQueries({ queryKey: ["token-set", datasetId] });
      return client.invalidateQueries({ queryKey: DATASETS_KEY, exact: true });
    },
  });
}
