import { datasetFolder } from "./dataset-files";
import { openDatabase, toStorageError } from "./database";
import { unlessWriting } from "./file-lock";
import type { FileStore } from "./file-store";
import { opfsFileStore } from "./opfs-file-store";
import { tokenSetFolder } from "./token-set-files";
import type { DatasetRecord, TokenSetRecord } from "./types";

/* A record is written after its files and removed before them: files without a record are leftovers. */

/** Newest first. */
export async function listDatasets(): Promise<DatasetRecord[]> {
  const records = await (await openDatabase()).getAll("datasets");
  return records.sort((a, b) => b.createdAt - a.createdAt);
}

export async function getDataset(datasetId: string): Promise<DatasetRecord | undefined> {
  return (await openDatabase()).get("datasets", datasetId);
}

export async function putDataset(record: DatasetRecord): Promise<void> {
  await stored(async () => (await openDatabase()).put("datasets", record));
}

/** The dataset tokenized for a base model, when that was done before. */
export async function findTokenSet(
  datasetId: string,
  baseModel: string,
): Promise<TokenSetRecord | undefined> {
  const sets = await (await openDatabase()).getAllFromIndex("token-sets", "datasetId", datasetId);
  return sets.find((set) => set.baseModel === baseModel);
}

export async function getTokenSet(tokenSetId: string): Promise<TokenSetRecord | undefined> {
  return (await openDatabase()).get("token-sets", tokenSetId);
}

export async function putTokenSet(record: TokenSetRecord): Promise<void> {
  await stored(async () => (await openDatabase()).put("token-sets", record));
}

/** Removes a dataset with its file and everything that was tokenized from it. */
export async function removeDataset(
  datasetId: string,
  store: FileStore = opfsFileStore(),
): Promise<void> {
  const database = await openDatabase();
  const transaction = database.transaction(["datasets", "token-sets"], "readwrite");
  const tokenSets = transaction.objectStore("token-sets");
  const tokenSetIds = await tokenSets.index("datasetId").getAllKeys(datasetId);
  await Promise.all([
    transaction.objectStore("datasets").delete(datasetId),
    ...tokenSetIds.map((id) => tokenSets.delete(id)),
    transaction.done,
  ]);
  await store.remove(datasetFolder(datasetId));
  for (const id of tokenSetIds) await store.remove(tokenSetFolder(id));
}

/** Removes what was made with a base model's tokenizer, for when that becomes another one. */
export async function removeTokenSets(
  baseModel: string,
  store: FileStore = opfsFileStore(),
): Promise<void> {
  const database = await openDatabase();
  for (const set of await database.getAll("token-sets")) {
    if (set.baseModel !== baseModel) continue;
    await database.delete("token-sets", set.id);
    await store.remove(tokenSetFolder(set.id));
  }
}

/** Removes what an import or a tokenizing that never came to its end has left, unless one is under way in some tab. */
export async function removeLeftovers(store: FileStore = opfsFileStore()): Promise<void> {
  await unlessWriting(async () => {
    const database = await openDatabase();
    const datasetIds = new Set(await database.getAllKeys("datasets"));
    const tokenSetIds = new Set(await database.getAllKeys("token-sets"));
    for (const id of await store.list("datasets")) {
      if (!datasetIds.has(id)) await store.remove(datasetFolder(id));
    }
    for (const id of await store.list("tokens")) {
      if (!tokenSetIds.has(id)) await store.remove(tokenSetFolder(id));
    }
  });
}

async function stored(write: () => Promise<unknown>): Promise<void> {
  try {
    await write();
  } catch (cause) {
    throw toStorageError(cause);
  }
}
