import { createHash, type Hash } from "node:crypto";
import { createReadStream } from "node:fs";
import { open, rm, stat, type FileHandle } from "node:fs/promises";

import { askHub, bodyParts, HubFailure, type HubAccess, type HubAnswer } from "./hub-request";
import type { HubFile } from "./model-hubs";

/** Tries in a row that bring nothing. */
const MOST_TRIES = 5;
const FIRST_PAUSE_MS = 500;

export interface FileDownload {
  access: HubAccess;
  url: URL;
  file: HubFile;
  /** Where the bytes go; what lies there already is gone on from. */
  target: string;
  /** Called with the number of bytes that are there, which may fall when a damaged file is begun anew. */
  onBytes: (bytes: number) => void;
}

/**
 * Downloads one file, over as many connections as it takes, and proves its size and checksum; it is flushed to disk
 * when this resolves. After a failure or an abort, what came so far stays for the next call.
 *
 * @throws HubFailure when the hub does not give it or twice gives other bytes than it promised
 */
export async function downloadFile(
  download: FileDownload,
  { signal }: { signal: AbortSignal },
): Promise<void> {
  const { access, file, target, url } = download;
  let isSecondCopy = false;
  for (let tries = 1; ; tries++) {
    const before = await sizeOf(target);
    try {
      await continueFile(download, { signal });
      if (await isIntact(target, file)) return;
      await rm(target);
      download.onBytes(0);
      if (isSecondCopy)
        throw new HubFailure(
          `${file.name} from ${url.host} is damaged: its checksum is not the one that the hub names.`,
          { isRetryable: false },
        );
      isSecondCopy = true;
    } catch (error) {
      if (!(error instanceof HubFailure) || !error.isRetryable) throw error;
      if ((await sizeOf(target)) > before) tries = 1;
      if (tries >= MOST_TRIES) throw error;
    }
    await access.clock.sleep(FIRST_PAUSE_MS * 2 ** (tries - 1), { signal });
  }
}

/** Asks for the bytes that are missing and appends them. */
async function continueFile(
  { access, url, file, target, onBytes }: FileDownload,
  { signal }: { signal: AbortSignal },
): Promise<void> {
  const { sizeBytes } = file;
  const had = await sizeOf(target);
  onBytes(had);
  if (had === sizeBytes) return;
  if (sizeBytes === null || had > sizeBytes) await rm(target, { force: true });
  const have = await sizeOf(target);
  const range: Record<string, string> = have > 0 ? { range: `bytes=${have}-` } : {};
  const answer = await askHub(access, url, range, { signal });
  if (!answer.response.ok) {
    await answer.response.body?.cancel();
    throw refused(answer, url, file);
  }
  const first = firstByteOf(answer.response);
  if (first > have)
    throw new HubFailure(`${url.host} sent another part of ${file.name} than was asked for.`, {
      isRetryable: false,
    });

  // A hub that ignores ranges sends what is here once more.
  let toSkip = have - first;
  let bytes = have;
  const handle = await open(target, "a");
  try {
    for await (const part of bodyParts(access, answer, { signal })) {
      const fresh = part.subarray(Math.min(toSkip, part.length));
      toSkip -= part.length - fresh.length;
      if (sizeBytes !== null && bytes + fresh.length > sizeBytes) throw longer(url, file);
      await writeAll(handle, fresh);
      bytes += fresh.length;
      onBytes(bytes);
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
  if (sizeBytes !== null && bytes < sizeBytes)
    throw new HubFailure(`${url.host} broke off in the middle of ${file.name}.`, {
      isRetryable: true,
    });
}

async function writeAll(handle: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;)
    at += (await handle.write(bytes, at, bytes.length - at)).bytesWritten;
}

/** Some hubs answer a range with status 200: what counts is what the answer says it holds. */
function firstByteOf({ headers }: Response): number {
  const [, first] = /^bytes (\d+)-/.exec(headers.get("content-range") ?? "") ?? [];
  return Number(first ?? 0);
}

function refused({ response: { status }, url }: HubAnswer, hub: URL, file: HubFile): HubFailure {
  // A link to the hub's storage that has run out is closed too, and the next one is not.
  const isOwn = url.origin === hub.origin;
  if (isOwn && (status === 401 || status === 403))
    return new HubFailure(
      `${hub.host} gives ${file.name} only to those who accepted the model's terms (${status}).`,
      { isRetryable: false },
    );
  return new HubFailure(`${url.host} answers ${status} for ${file.name}.`, {
    isRetryable: !isOwn || status === 429 || status >= 500,
  });
}

function longer(url: URL, file: HubFile): HubFailure {
  return new HubFailure(`${url.host} sends more of ${file.name} than it lists.`, {
    isRetryable: false,
  });
}

async function isIntact(target: string, { digest }: HubFile): Promise<boolean> {
  if (digest === null) return true;
  const hash = await startOf(digest.kind, target);
  for await (const part of createReadStream(target)) hash.update(part as Buffer);
  return hash.digest("hex") === digest.hex;
}

async function startOf(kind: "sha256" | "git_blob", target: string): Promise<Hash> {
  if (kind === "sha256") return createHash("sha256");
  return createHash("sha1").update(`blob ${await sizeOf(target)}\0`);
}

async function sizeOf(file: string): Promise<number> {
  const found = await stat(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null;
    throw error;
  });
  return found?.size ?? 0;
}
