import { mutationOptions, queryOptions, type QueryClient } from "@tanstack/react-query";
import { NEEDED_TOKENIZER_FILES, TOKENIZER_FILES } from "@/lib/protocol/routes";
import { getModelFiles } from "@/lib/storage/model-files";
import { datasetHost } from "@/lib/workers/dataset-client";
import type { DatasetHost } from "@/lib/workers/hosts";

/** What can be given by hand of a model's folder. */
export const MODEL_FILES = TOKENIZER_FILES.map((name) => ({
  name,
  isNeeded: NEEDED_TOKENIZER_FILES.includes(name),
}));

export type ModelFiles = Parameters<DatasetHost["giveModelFiles"]>[1];

/** What is known of a base model's tokenizer. Loads it, so ask before the first question. */
export function tokenizerQuery(baseModel: string) {
  return queryOptions({
    queryKey: ["tokenizer", baseModel],
    queryFn: () => datasetHost().loadTokenizer(baseModel),
    networkMode: "always",
    staleTime: Infinity,
    retry: false,
  });
}

/** Whether somebody gave the model's files by hand. */
export function hasGivenFilesQuery(baseModel: string) {
  return queryOptions({
    queryKey: ["given-files", baseModel],
    queryFn: async () => (await getModelFiles(baseModel)) !== undefined,
    networkMode: "always",
  });
}

/** Succeeds with what is wrong with the files; with nothing when they are in use now. */
export function giveModelFilesMutation(baseModel: string) {
  return mutationOptions({
    mutationFn: (files: ModelFiles) => datasetHost().giveModelFiles(baseModel, files),
    networkMode: "always",
    onSuccess: (faults, _files, _result, { client }) =>
      faults.length > 0 ? undefined : forgetModel(client, baseModel),
  });
}

export function dropModelFilesMutation(baseModel: string) {
  return mutationOptions({
    mutationFn: () => datasetHost().dropModelFiles(baseModel),
    networkMode: "always",
    onSuccess: (_nothing, _none, _result, { client }) => forgetModel(client, baseModel),
  });
}

/** All that was made with the model's tokenizer has its name in the key. */
function forgetModel(client: QueryClient, baseModel: string): Promise<void> {
  const name = JSON.stringify(baseModel);
  return client.resetQueries({
    predicate: ({ queryKey }) => JSON.stringify(queryKey).includes(name),
  });
}
