import { csvSplitter } from "./csv-splitter";
import { lineSplitter } from "./line-splitter";
import { listSplitter } from "./list-splitter";
import { isSpace, joinBytes, type RecordSplitter, type SourceRecord } from "./record-buffer";

export interface FileChunk {
  /** What is kept of the file: its bytes as they came; of a table its rows as JSON Lines. */
  bytes: Uint8Array;
  /** Bytes of the file that were read for it. */
  readBytes: number;
  /** The records that end in these bytes. */
  records: SourceRecord[];
}

const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];
const TABLE = /\.csv$/i;
const LINE_FEED = Uint8Array.of(0x0a);
const OPEN_LIST = 0x5b;
/** Leading white space beyond which a file is taken for lines. */
const HEAD_BYTES = 4096;

/**
 * Reads a stream of bytes as a table of CSV when the file's name says so, else as lines, or as one JSON list when its
 * first character is `[`.
 *
 * Yields every chunk together with the records that it completes. A byte order mark is passed over. Holds one chunk and
 * one record at a time. Rejects with the signal's reason when it aborts, and with what {@link csvSplitter} throws.
 */
export async function* readRecords(
  stream: ReadableStream<Uint8Array>,
  { name, signal }: { name: string; signal: AbortSignal },
): AsyncGenerator<FileChunk> {
  const reader = stream.getReader();
  const splitter = splitterOf(name);
  const chunkOf = (read: Uint8Array, records: SourceRecord[]): FileChunk => ({
    bytes: TABLE.test(name) ? jsonLines(records) : read,
    readBytes: read.length,
    records,
  });
  try {
    for (;;) {
      signal.throwIfAborted();
      const { done, value } = await reader.read();
      if (done) break;
      yield chunkOf(value, splitter.push(value));
    }
    yield chunkOf(new Uint8Array(0), splitter.end());
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

/** The way to cut a file of this name. */
export function splitterOf(name: string): RecordSplitter {
  return TABLE.test(name) ? csvSplitter() : recordSplitter();
}

/** Lines or list elements, whichever the head of the file asks for. */
export function recordSplitter(): RecordSplitter {
  let chosen: RecordSplitter | null = null;
  let head: Uint8Array = new Uint8Array(0);

  function choose(): SourceRecord[] {
    const textStart = BYTE_ORDER_MARK.every((byte, at) => head[at] === byte)
      ? BYTE_ORDER_MARK.length
      : 0;
    const first = firstCharacter(head, textStart);
    const start = head[first] === OPEN_LIST ? first + 1 : textStart;
    chosen = head[first] === OPEN_LIST ? listSplitter(start) : lineSplitter(start);
    return chosen.push(head.subarray(start));
  }

  return {
    push(chunk) {
      if (chosen) return chosen.push(chunk);
      head = joinBytes([head, chunk]);
      const isUndecided =
        head.length < HEAD_BYTES && firstCharacter(head, BYTE_ORDER_MARK.length) < 0;
      return isUndecided ? [] : choose();
    },
    end() {
      const records = chosen ? [] : choose();
      return [...records, ...(chosen?.end() ?? [])];
    },
  };
}

function jsonLines(records: readonly SourceRecord[]): Uint8Array {
  return joinBytes(records.flatMap(({ bytes }) => (bytes ? [bytes, LINE_FEED] : [])));
}

function firstCharacter(bytes: Uint8Array, from: number): number {
  for (let at = from; at < bytes.length; at++) if (!isSpace(bytes[at])) return at;
  return -1;
}
