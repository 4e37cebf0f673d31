import { openDatabase, toStorageError } from "./database";

/** Files of a base model's tokenizer that somebody gave by hand. */
export interface ModelFilesRecord {
  baseModel: string;
  /** By name. */
  files: Record<string, Blob>;
  addedAt: number;
}

export async function getModelFiles(baseModel: string): Promise<ModelFilesRecord | undefined> {
  return (await openDatabase()).get("model-files", baseModel);
}

/** Takes the place of what was given before. Rejects with `storage_full` or `storage_failed`. */
export async function putModelFiles(record: ModelFilesRecord): Promise<void> {
  try {
    await (await openDatabase()).put("model-files", record);
  } catch (cause) {
    throw toStorageError(cause);
  }
}

export async function removeModelFiles(baseModel: string): Promise<void> {
  await (await openDatabase()).delete("model-files", baseModel);
}
