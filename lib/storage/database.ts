import { openDB, type DBSchema, type IDBPDatabase } from "idb";
import { StudioError } from "@/lib/base/errors";
import type { ModelFilesRecord } from "./model-files";
import type { ServerRecord } from "./servers";
import type { DatasetRecord, TokenSetRecord } from "./types";
import type { LogEntry, RunRecord, StepPoint, ValidationPoint } from "@/lib/training/types";

/** A chat as the playground keeps it; whoever reads one checks the rest of its shape. */
export interface StoredConversation {
  id: string;
}

interface OfRun {
  runKey: string;
}

export interface StudioSchema extends DBSchema {
  runs: { key: string; value: RunRecord };
  steps: { key: [string, number]; value: StepPoint & OfRun };
  validations: { key: [string, number]; value: ValidationPoint & OfRun };
  log: { key: number; value: LogEntry & OfRun; indexes: { runKey: string } };
  datasets: { key: string; value: DatasetRecord };
  "token-sets": { key: string; value: TokenSetRecord; indexes: { datasetId: string } };
  conversations: { key: string; value: StoredConversation };
  servers: { key: string; value: ServerRecord };
  "model-files": { key: string; value: ModelFilesRecord };
}
export type StudioDatabase = IDBPDatabase<StudioSchema>;

const NAME = "twinkle-studio";
const VERSION = 3;

let opening: Promise<StudioDatabase> | undefined;

/** The studio's one database, opened once in each page and worker. */
export function openDatabase(): Promise<StudioDatabase> {
  opening ??= openDB<StudioSchema>(NAME, VERSION, {
    upgrade(database, oldVersion) {
      if (oldVersion < 1) createFirstStores(database);
      if (oldVersion < 2) database.createObjectStore("servers", { keyPath: "serverId" });
      database.createObjectStore("model-files", { keyPath: "baseModel" });
    },
    blocking: (_current, _blocked, event) => {
      (event.target as IDBDatabase).close();
      opening = undefined;
    },
    terminated: () => {
      opening = undefined;
    },
  }).catch((cause: unknown) => {
    opening = undefined;
    throw toStorageError(cause);
  });
  return opening;
}

function createFirstStores(database: StudioDatabase): void {
  database.createObjectStore("runs", { keyPath: "key" });
  database.createObjectStore("steps", { keyPath: ["runKey", "step"] });
  database.createObjectStore("validations", { keyPath: ["runKey", "step"] });
  database.createObjectStore("log", { autoIncrement: true }).createIndex("runKey", "runKey");
  database.createObjectStore("datasets", { keyPath: "id" });
  database.createObjectStore("token-sets", { keyPath: "id" }).createIndex("datasetId", "datasetId");
  database.createObjectStore("conversations", { keyPath: "id" });
}

/** A failure of the browser's storage as the studio's own error: `storage_full` where the quota is used up. */
export function toStorageError(cause: unknown): StudioError {
  if (cause instanceof StudioError) return cause;
  const isFull = cause instanceof DOMException && cause.name === "QuotaExceededError";
  const message = cause instanceof Error ? cause.message : String(cause);
  return new StudioError(isFull ? "storage_full" : "storage_failed", message, { cause });
}
