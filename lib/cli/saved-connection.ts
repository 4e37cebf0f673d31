import fs from "node:fs";
import path from "node:path";
import * as z from "zod/mini";

const schema = z.object({ serverUrl: z.string(), token: z.string() });

/** The server that commands talk to when nothing else is said. */
export type SavedConnection = z.infer<typeof schema>;

/** Null when none was saved. */
export function readSavedConnection(dataDir: string): SavedConnection | null {
  try {
    return schema.parse(JSON.parse(fs.readFileSync(place(dataDir), "utf8")));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw new Error(`${place(dataDir)} cannot be read; \`connect\` writes it anew.`, {
      cause: error,
    });
  }
}

/** Readable by its owner alone: it holds the token. */
export function saveConnection(dataDir: string, connection: SavedConnection): void {
  fs.mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const draft = `${place(dataDir)}.${process.pid}`;
  fs.writeFileSync(draft, JSON.stringify(connection), { mode: 0o600 });
  fs.renameSync(draft, place(dataDir));
}

export function forgetConnection(dataDir: string): void {
  fs.rmSync(place(dataDir), { force: true });
}

function place(dataDir: string): string {
  return path.join(dataDir, "connection.json");
}
