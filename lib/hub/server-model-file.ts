import type { TokenizerFile } from "@/lib/protocol/routes";
import { readUpstream } from "@/lib/proxy/upstream";
import { isPlausible, maxFileBytes } from "./model-file";

const SERVER_SILENCE_MS = 15_000;

/** A training server as it is asked for the files of a model. */
export interface FileServer {
  serverUrl: string;
  /** With the token. */
  headers: Record<string, string>;
  /** Refuse names that resolve to private addresses. */
  publicOnly: boolean;
}

/** The training server's copy of a model's file, null when it has none. Throws as `readUpstream` does. */
export async function serverModelFile(
  { serverUrl, headers, publicOnly }: FileServer,
  model: string,
  file: TokenizerFile,
  { signal }: { signal: AbortSignal },
): Promise<Buffer | null> {
  const url = `${serverUrl}/api/v1/studio/models/${model}/${file}`;
  const call = { method: "GET", url, headers, silenceMs: SERVER_SILENCE_MS, publicOnly, signal };
  const answer = await readUpstream(call, maxFileBytes(file));
  if (answer.status !== 200 || answer.headers["content-encoding"]) return null;
  // Some servers answer 200 with a page to everything.
  return isPlausible(file, answer.bytes) ? answer.bytes : null;
}
