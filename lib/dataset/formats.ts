import type { JsonObject } from "./json-object";
import { DATASET_FORMATS, type DatasetFormat } from "./types";

/** Fields that a row of each format must have. */
const REQUIRED_FIELDS: Record<DatasetFormat, readonly [string, ...string[]]> = {
  messages: ["messages"],
  conversations: ["conversations"],
  instruction: ["instruction", "output"],
  prompt_completion: ["prompt", "completion"],
  input_output: ["input", "output"],
  query_response: ["query", "response"],
  text: ["text"],
};

/** A field that is null counts as absent: exports of tables write null for empty cells. */
export function hasField(row: JsonObject, field: string): boolean {
  return row[field] !== undefined && row[field] !== null;
}

export function missingField(row: JsonObject, format: DatasetFormat): string | undefined {
  return REQUIRED_FIELDS[format].find((field) => !hasField(row, field));
}

/** The format whose fields a row has, all of them if possible, else some; null when it has none. */
export function formatOf(row: JsonObject): DatasetFormat | null {
  return (
    DATASET_FORMATS.find((format) => missingField(row, format) === undefined) ??
    DATASET_FORMATS.find((format) => hasSomeField(row, format)) ??
    null
  );
}

export function hasSomeField(row: JsonObject, format: DatasetFormat): boolean {
  return REQUIRED_FIELDS[format].some((field) => hasField(row, field));
}

/** The format of most rows; the one that {@link DATASET_FORMATS} names first on a tie, null when no row has any. */
export function detectFormat(rows: readonly JsonObject[]): DatasetFormat | null {
  const votes = new Map<DatasetFormat, number>();
  for (const row of rows) {
    const format = formatOf(row);
    if (format) votes.set(format, (votes.get(format) ?? 0) + 1);
  }
  const most = Math.max(0, ...votes.values());
  return DATASET_FORMATS.find((format) => votes.get(format) === most) ?? null;
}
