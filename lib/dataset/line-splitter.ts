import { RecordBuffer, type RecordSplitter, type SourceRecord } from "./record-buffer";

const LINE_FEED = 0x0a;

/** Lines that end in LF or CRLF; the last one may end with the file. `fileOffset`: where the first chunk begins. */
export function lineSplitter(fileOffset: number): RecordSplitter {
  const buffer = new RecordBuffer();
  let line = 1;
  let start = fileOffset;
  let offset = fileOffset;

  function finish(): SourceRecord[] {
    const bytes = buffer.take();
    return bytes?.length === 0 ? [] : [{ line, start, bytes }];
  }

  return {
    push(chunk) {
      const records: SourceRecord[] = [];
      let from = 0;
      for (;;) {
        const end = chunk.indexOf(LINE_FEED, from);
        if (end < 0) break;
        buffer.append(chunk.subarray(from, end));
        records.push(...finish());
        from = end + 1;
        start = offset + from;
        line++;
      }
      buffer.append(chunk.subarray(from));
      offset += chunk.length;
      return records;
    },
    end: finish,
  };
}
