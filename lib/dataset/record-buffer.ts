/** Bytes that one record may have; what is beyond is passed over without being kept. */
export const MAX_RECORD_BYTES = 8 * 1024 * 1024;

/** One record of a file as it stands there: a line, or an element of a JSON list. */
export interface SourceRecord {
  /** 1-based number of the line or element. */
  line: number;
  /** Where it begins in the file, in bytes. */
  start: number;
  /** Its bytes without the line end; null when there are more than {@link MAX_RECORD_BYTES}. */
  bytes: Uint8Array | null;
}

/** Cuts a file into records, chunk by chunk. Blank lines count but are not returned. */
export interface RecordSplitter {
  push(chunk: Uint8Array): SourceRecord[];
  /** What the end of the file ends. */
  end(): SourceRecord[];
}

/** Gathers the parts of one record across chunks, and forgets them once there are too many. */
export class RecordBuffer {
  #parts: Uint8Array[] = [];
  #length = 0;

  append(part: Uint8Array): void {
    this.#length += part.length;
    if (this.#length > MAX_RECORD_BYTES) this.#parts = [];
    else if (part.length > 0) this.#parts.push(part);
  }

  /** Hands the record over, without spaces at its end, and starts anew. */
  take(): Uint8Array | null {
    const bytes = this.#length > MAX_RECORD_BYTES ? null : trimEnd(joinBytes(this.#parts));
    this.#parts = [];
    this.#length = 0;
    return bytes;
  }
}

/** What JSON takes for white space. */
export function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d;
}

export function joinBytes(parts: readonly Uint8Array[]): Uint8Array {
  if (parts.length === 1) return parts[0] as Uint8Array;
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

function trimEnd(bytes: Uint8Array): Uint8Array {
  let end = bytes.length;
  while (end > 0 && isSpace(bytes[end - 1])) end--;
  return bytes.subarray(0, end);
}
