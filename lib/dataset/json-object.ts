import { jsonErrorIndex } from "./json-error";
import { RowFault } from "./row-fault";

export type JsonObject = Record<string, unknown>;

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** The object that a record holds. Throws a {@link RowFault}: `not_utf8`, `not_json`, `not_an_object`. */
export function parseJsonObject(bytes: Uint8Array): JsonObject {
  const value = parseJson(decode(bytes));
  if (!isJsonObject(value)) throw new RowFault("not_an_object", { found: jsonType(value) });
  return value;
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function jsonType(value: unknown): string {
  if (value === null || value === undefined) return "null";
  return Array.isArray(value) ? "list" : typeof value;
}

function decode(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) throw new RowFault("not_utf8");
    throw error;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new RowFault("not_json", {
      reason: bareReason(error.message),
      column: jsonErrorIndex(text) + 1,
    });
  }
}

/** Without the position, which is given as a column, and without the quoted row. */
function bareReason(message: string): string {
  return message
    .replace(/^JSON\.parse: /, "")
    .replace(/ (in JSON )?at (position|line) \d.*$/s, "")
    .replace(/, .* is not valid JSON$/s, "");
}
