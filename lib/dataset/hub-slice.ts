import { StudioError } from "@/lib/base/errors";
import type { SourceRecord } from "./record-buffer";
import { splitterOf } from "./records";

/** The data files of one dataset on a hub. */
export interface HubDatasetSource {
  /** Paths of the training split, in the order in which they are read. */
  files(options: { signal: AbortSignal }): Promise<readonly string[]>;
  /** The bytes of a file; reading is given up as soon as the rows are there. */
  open(file: string, options: { signal: AbortSignal }): Promise<AsyncIterable<Uint8Array>>;
}

export interface SliceProgress {
  rows: number;
  readBytes: number;
}

const MAX_BYTES = 64 * 1024 * 1024;

/**
 * The first rows of a dataset as JSON Lines, from files of JSON Lines, JSON lists and CSV. No more is read than the rows
 * need. A line that is no JSON is passed on as it stands: whoever imports it says so.
 *
 * @throws StudioError `too_large` when the rows take more than 64 MiB or one of them more than 8 MiB; what the source throws
 */
export async function readHubSlice(
  source: HubDatasetSource,
  options: { rows: number; signal: AbortSignal; onProgress: (progress: SliceProgress) => void },
): Promise<string> {
  const { rows, signal, onProgress } = options;
  const lines: string[] = [];
  const onBytes = (readBytes: number) => onProgress({ rows: lines.length, readBytes });
  for await (const line of allLines(source, { signal, onBytes })) {
    if (lines.push(line) >= rows) break;
  }
  return lines.map((line) => `${line}\n`).join("");
}

async function* allLines(
  source: HubDatasetSource,
  { signal, onBytes }: { signal: AbortSignal; onBytes: (readBytes: number) => void },
): AsyncGenerator<string> {
  let readBytes = 0;
  for (const file of await source.files({ signal })) {
    const splitter = splitterOf(file);
    for await (const chunk of await source.open(file, { signal })) {
      signal.throwIfAborted();
      readBytes += chunk.length;
      if (readBytes > MAX_BYTES)
        throw new StudioError("too_large", "These rows take more than 64 MiB. Ask for fewer.");
      for (const record of splitter.push(chunk)) yield lineOf(record, file);
      onBytes(readBytes);
    }
    for (const record of splitter.end()) yield lineOf(record, file);
  }
}

function lineOf({ bytes, line }: SourceRecord, file: string): string {
  if (bytes === null)
    throw new StudioError("too_large", `Row ${line} of ${file} is longer than 8 MiB.`);
  const text = new TextDecoder().decode(bytes);
  try {
    return JSON.stringify(JSON.parse(text));
  } catch {
    return text.replace(/[\r\n]+/g, " ");
  }
}
