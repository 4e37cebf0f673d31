import { StudioError } from "@/lib/base/errors";
import { MAX_RECORD_BYTES, type RecordSplitter, type SourceRecord } from "./record-buffer";

/**
 * Rows of a CSV file (RFC 4180) as JSON objects, named after the fields of its first line. Quoted fields may hold commas,
 * quotes and line ends; lines end in LF or CRLF. `line` counts rows without the header; an empty cell is null. `start` is
 * the place of a row among all of them as JSON Lines.
 *
 * @throws StudioError `dataset_invalid` with the `details.cause` `table_not_utf8`
 */
export function csvSplitter(): RecordSplitter {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  const encoder = new TextEncoder();
  let header: string[] | null = null;
  let cells: string[] = [];
  let cell = "";
  let cellsLength = 0;
  let line = 0;
  let start = 0;
  let isQuoted = false;
  let isAfterQuote = false;

  function endCell(): void {
    cells.push(cell);
    cell = "";
    isAfterQuote = false;
  }

  function endRow(): SourceRecord[] {
    const isTooLong = cellsLength > MAX_RECORD_BYTES;
    endCell();
    const row = cells;
    cells = [];
    cellsLength = 0;
    if (row.length === 1 && row[0] === "") return [];
    if (header === null) {
      header = row.map((name) => name.trim());
      return [];
    }
    const object = Object.fromEntries(header.map((name, at) => [name, row[at] || null]));
    const bytes = isTooLong ? null : encoder.encode(JSON.stringify(object));
    const record = { line: ++line, start, bytes };
    if (bytes) start += bytes.length + 1;
    return [record];
  }

  function read(text: string): SourceRecord[] {
    const records: SourceRecord[] = [];
    for (const character of text) {
      if (isQuoted) {
        if (character === '"') {
          isQuoted = false;
          isAfterQuote = true;
        } else add(character);
      } else if (character === '"' && (isAfterQuote || cell === "")) {
        if (isAfterQuote) add('"');
        isQuoted = true;
        isAfterQuote = false;
      } else if (character === ",") endCell();
      else if (character === "\n") records.push(...endRow());
      else if (character !== "\r") add(character);
    }
    return records;
  }

  function add(character: string): void {
    cellsLength++;
    if (cellsLength <= MAX_RECORD_BYTES) cell += character;
  }

  return {
    push: (chunk) => read(decode(decoder, chunk, { stream: true })),
    end: () => [...read(decode(decoder)), ...endRow()],
  };
}

function decode(decoder: TextDecoder, ...bytes: Parameters<TextDecoder["decode"]>): string {
  try {
    return decoder.decode(...bytes);
  } catch (cause) {
    throw new StudioError("dataset_invalid", "The table is not UTF-8. Save it as CSV in UTF-8.", {
      cause,
      details: { cause: "table_not_utf8" },
    });
  }
}
