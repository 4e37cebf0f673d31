import { isJsonObject, type JsonObject } from "@/lib/dataset/json-object";

/** The object in a model's file; empty for a file that the model does not have. Throws when it holds anything else. */
export function parseJsonFile(text: string | null): JsonObject {
  if (text === null) return {};
  const value: unknown = JSON.parse(text);
  if (!isJsonObject(value)) throw new Error("The file holds no JSON object.");
  return value;
}
