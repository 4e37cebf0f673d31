import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { FEATURES, type Feature, type ServerFeatures } from "@/lib/doctor/features";
import messages from "@/messages/en.json";
import type { CommandContext } from "./command";
import type { Connection } from "./connection";

type Folder = Pick<CommandContext, "dataDir">;
type Server = Pick<Connection, "serverUrl">;

const state = z.object({ has: z.boolean(), learnedAt: z.number() });
const serversSchema = z.record(z.string(), z.partialRecord(z.enum(FEATURES), state));

/** Keeps what an examination found of a server, by its address, in `servers.json` of the data folder. */
export async function learnOfServer(
  { dataDir }: Folder,
  { serverUrl }: Server,
  features: ServerFeatures,
): Promise<void> {
  const known = await readServers(dataDir);
  const servers = { ...known, [serverUrl]: { ...known[serverUrl], ...features } };
  await mkdir(dataDir, { recursive: true });
  await writeFile(fileIn(dataDir), `${JSON.stringify(servers, null, 2)}\n`);
}

/**
 * Resolves unless the server is known to lack what a command needs.
 *
 * @throws Error with the reason, and since when it is known
 */
export async function requireFeature(
  feature: Feature,
  folder: Folder,
  server: Server,
): Promise<void> {
  const since = await lackedSince(feature, folder, server);
  if (since === null) return;
  const day = new Date(since).toISOString().slice(0, 10);
  throw new Error(
    `${messages.features.lacks[feature]} Found on ${day}; the command doctor asks again.`,
  );
}

/** When the server was found to lack something (milliseconds since the epoch); null for what is not known to be missing. */
export async function lackedSince(
  feature: Feature,
  { dataDir }: Folder,
  { serverUrl }: Server,
): Promise<number | null> {
  const known = (await readServers(dataDir))[serverUrl]?.[feature];
  return known?.has === false ? known.learnedAt : null;
}

/** Nothing where nothing was learned, or the file cannot be read. */
async function readServers(dataDir: string): Promise<Record<string, ServerFeatures>> {
  try {
    const parsed: unknown = JSON.parse(await readFile(fileIn(dataDir), "utf8"));
    return serversSchema.parse(parsed);
  } catch {
    return {};
  }
}

function fileIn(dataDir: string): string {
  return path.join(dataDir, "servers.json");
}
