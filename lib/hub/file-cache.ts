import { randomUUID } from "node:crypto";
import { mkdir, readFile, rename, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

/** Beside a file's place: the hubs said that there is no such file. */
const ABSENT_SUFFIX = ".absent";

/** Hub files on the studio's disk, so that a model that was used once is there without a network. */
export interface HubFileCache {
  read(model: string, file: string): Promise<Buffer | null>;
  keep(model: string, file: string, bytes: Uint8Array): Promise<void>;
  keepAbsence(model: string, file: string): Promise<void>;
  /** How long ago the hubs said that there is no such file; null when they never did. */
  absenceAgeMs(model: string, file: string): Promise<number | null>;
}

/** @param dataDir - the cache lies in `hub-cache/OWNER/NAME/FILE` below it */
export function hubFileCache(dataDir: string): HubFileCache {
  const place = (model: string, file: string) => join(dataDir, "hub-cache", model, file);
  return {
    read: (model, file) => readFile(place(model, file)).catch(nullIfMissing),
    keep: (model, file, bytes) => writeWhole(place(model, file), bytes),
    keepAbsence: (model, file) => writeWhole(place(model, file) + ABSENT_SUFFIX, new Uint8Array()),
    absenceAgeMs: async (model, file) => {
      const found = await stat(place(model, file) + ABSENT_SUFFIX).catch(nullIfMissing);
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
