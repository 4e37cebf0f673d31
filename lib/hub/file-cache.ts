import { randomUUID } from "node:crypto";
import { mkdir, readFile, rename, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Hub } from "./hubs";

/** Beside a file's place: the hub said that there is no such file. */
const ABSENT_SUFFIX = ".absent";

/** Hub files on the studio's disk, so that a model that was used once is there without a network. */
export interface HubFileCache {
  read(hub: KeptHub, model: string, file: string): Promise<Buffer | null>;
  keep(hub: KeptHub, model: string, file: string, bytes: Uint8Array): Promise<void>;
  keepAbsence(hub: KeptHub, model: string, file: string): Promise<void>;
  /** How long ago the hub had no such file; null when that was never seen. */
  absenceAgeMs(hub: KeptHub, model: string, file: string): Promise<number | null>;
}

type KeptHub = Pick<Hub, "id" | "revision">;

/** @param dataDir - the cache lies in `hub-cache/HUB/OWNER/NAME/REVISION/FILE` below it */
export function hubFileCache(dataDir: string): HubFileCache {
  const place = (hub: KeptHub, model: string, file: string) =>
    join(dataDir, "hub-cache", hub.id, model, hub.revision, file);
  return {
    read: (...key) => readFile(place(...key)).catch(nullIfMissing),
    keep: (hub, model, file, bytes) => writeWhole(place(hub, model, file), bytes),
    keepAbsence: (...key) => writeWhole(place(...key) + ABSENT_SUFFIX, new Uint8Array()),
    absenceAgeMs: async (...key) => {
      const found = await stat(place(...key) + ABSENT_SUFFIX).catch(nullIfMissing);
      return found && Date.now() - found.mtimeMs;
    },
  };
}

/** A reader sees the whole file or none. */
async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const draft = `${path}.${randomUUID()}.draft`;
  await writeFile(draft, bytes);
  await rename(draft, path);
}

function nullIfMissing(error: unknown): null {
  if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
  throw error;
}
