import { StudioError } from "@/lib/base/errors";
import { detectFormat } from "./formats";
import { isJsonObject, parseJsonObject, type JsonObject } from "./json-object";
import { parseRow } from "./parse-row";
import { MAX_RECORD_BYTES, type SourceRecord } from "./record-buffer";
import { RowFault, toProblem } from "./row-fault";
import type { DatasetFormat, DatasetRow, RowProblem, Sample, SampleKind } from "./types";

/** A usable row and its place in the file, in bytes. */
export interface LocatedRow extends DatasetRow {
  start: number;
  size: number;
}

export interface RowBatch {
  rows: LocatedRow[];
  problems: RowProblem[];
}

/** What a file turned out to hold. */
export interface DatasetSummary {
  format: DatasetFormat;
  sampleKind: SampleKind;
}

/** Rows that vote on the format, and the bytes that may wait for the vote. */
const VOTING_ROWS = 100;
const VOTING_BYTES = 2 * MAX_RECORD_BYTES;

const OPEN_OBJECT = 0x7b;

type Parsed = { record: SourceRecord; size: number } & ({ row: JsonObject } | { fault: unknown });

/** Turns records into samples: the first rows are held back until they have decided on the format. */
export class RowReader {
  #format: DatasetFormat | null = null;
  #sampleKind: SampleKind | null = null;
  #waiting: Parsed[] = [];
  #waitingBytes = 0;
  #first: Parsed | null = null;
  #recordCount = 0;
  #rowCount = 0;
  #firstProblem: RowProblem | null = null;

  /** Rows and problems in file order, once the format is known. */
  read(records: readonly SourceRecord[]): RowBatch {
    for (const record of records) {
      const parsed = parse(record);
      this.#waiting.push(parsed);
      this.#waitingBytes += parsed.size;
      this.#first ??= parsed;
      this.#recordCount++;
    }
    const isDecided = this.#format !== null;
    const mayDecide = this.#waiting.length >= VOTING_ROWS || this.#waitingBytes >= VOTING_BYTES;
    return isDecided || mayDecide ? this.#settle() : { rows: [], problems: [] };
  }

  /** The rows that were still held back: the file has ended. */
  end(): RowBatch {
    return this.#settle();
  }

  /**
   * What the file holds, once it has ended.
   *
   * @throws StudioError `dataset_invalid` when no row is usable; `details.cause` is `empty_file`, `one_object`
   * (one JSON object over many lines, or around a list) or `no_usable_rows` (with the first problem: its code as
   * `problem`, its `line` and its parameters).
   */
  summary(): DatasetSummary {
    if (this.#format === null || this.#sampleKind === null || this.#rowCount === 0)
      throw this.#refusal();
    return { format: this.#format, sampleKind: this.#sampleKind };
  }

  #settle(): RowBatch {
    const parsed = this.#waiting;
    this.#waiting = [];
    this.#waitingBytes = 0;
    this.#format ??= detectFormat(parsed.flatMap((entry) => ("row" in entry ? [entry.row] : [])));
    const batch: RowBatch = { rows: [], problems: [] };
    for (const entry of parsed) {
      const { line, start } = entry.record;
      try {
        batch.rows.push({ line, start, size: entry.size, sample: this.#sample(entry) });
      } catch (error) {
        batch.problems.push(toProblem(error, line));
      }
    }
    this.#rowCount += batch.rows.length;
    this.#firstProblem ??= batch.problems[0] ?? null;
    return batch;
  }

  #sample(entry: Parsed): Sample {
    if ("fault" in entry) throw entry.fault;
    const sample = parseRow(entry.row, this.#format ?? "messages");
    this.#sampleKind ??= sample.kind;
    if (sample.kind === this.#sampleKind) return sample;
    const isChat = sample.kind === "chat";
    throw new RowFault("mixed_format", {
      expected: isChat ? "prompt_completion" : "messages",
      found: isChat ? "messages" : "prompt_completion",
    });
  }

  #refusal(): StudioError {
    const problem = this.#firstProblem;
    if (problem === null) {
      return new StudioError("dataset_invalid", "The file is empty.", {
        details: { cause: "empty_file" },
      });
    }
    if (this.#isOneObject()) {
      const message = "The file is one JSON object. Write one row per line, or a list of rows.";
      return new StudioError("dataset_invalid", message, { details: { cause: "one_object" } });
    }
    return new StudioError("dataset_invalid", "No row of the file can be used.", {
      details: {
        ...problem.params,
        cause: "no_usable_rows",
        problem: problem.code,
        line: problem.line,
      },
    });
  }

  #isOneObject(): boolean {
    if (!this.#first) return false;
    if ("row" in this.#first)
      return this.#recordCount === 1 && Object.values(this.#first.row).some(isListOfObjects);
    return this.#recordCount > 1 && this.#first.record.bytes?.[0] === OPEN_OBJECT;
  }
}

/** The sample of a stored row, which was usable when its file was imported. */
export function readSample(bytes: Uint8Array, format: DatasetFormat): Sample {
  return parseRow(parseJsonObject(bytes), format);
}

function parse(record: SourceRecord): Parsed {
  const size = record.bytes?.length ?? 0;
  try {
    if (!record.bytes)
      throw new RowFault("line_too_long", { limitMegabytes: MAX_RECORD_BYTES / 1024 ** 2 });
    return { record, size, row: parseJsonObject(record.bytes) };
  } catch (fault) {
    return { record, size, fault };
  }
}

function isListOfObjects(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0 && value.every(isJsonObject);
}
