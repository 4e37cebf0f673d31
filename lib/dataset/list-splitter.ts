import { isSpace, RecordBuffer, type RecordSplitter, type SourceRecord } from "./record-buffer";

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/**
 * Elements of one JSON list, found by counting brackets outside of strings; they are not parsed.
 * `fileOffset`: where the first chunk begins, right after the list's opening bracket.
 * What follows the list is returned as one more record.
 */
export function listSplitter(fileOffset: number): RecordSplitter {
  const buffer = new RecordBuffer();
  let line = 1;
  let start = fileOffset;
  let offset = fileOffset;
  let depth = 0;
  let hasBegun = false;
  let isInString = false;
  let isEscaped = false;
  let isClosed = false;

  function finish(): SourceRecord {
    const record = { line, start, bytes: buffer.take() };
    line++;
    hasBegun = false;
    return record;
  }

  /** True when the byte at hand ends the element before it. */
  function endsElement(byte: number): boolean {
    if (isInString) {
      if (isEscaped) isEscaped = false;
      else if (byte === BACKSLASH) isEscaped = true;
      else if (byte === QUOTE) isInString = false;
      return false;
    }
    if (byte === QUOTE) isInString = true;
    else if (byte === OPEN_OBJECT || byte === OPEN_LIST) depth++;
    else if (depth > 0 && (byte === CLOSE_OBJECT || byte === CLOSE_LIST)) depth--;
    else if (depth === 0) return byte === COMMA || byte === CLOSE_LIST;
    return false;
  }

  return {
    push(chunk) {
      const records: SourceRecord[] = [];
      let from = 0;
      for (let at = 0; at < chunk.length; at++) {
        const byte = chunk[at] as number;
        if (!hasBegun && isSpace(byte)) continue;
        if (!hasBegun) {
          from = at;
          start = offset + at;
        }
        if (!isClosed && endsElement(byte)) {
          buffer.append(chunk.subarray(from, at));
          isClosed = byte === CLOSE_LIST;
          if (hasBegun || !isClosed) records.push(finish());
          from = at + 1;
        } else {
          hasBegun = true;
        }
      }
      if (hasBegun) buffer.append(chunk.subarray(from));
      offset += chunk.length;
      return records;
    },
    end: () => (hasBegun ? [finish()] : []),
  };
}
