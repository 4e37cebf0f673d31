import { refusal } from "../http/errors";

const MAX_CHARS = 64 * 1024;
const MAX_DEPTH = 50;

/**
 * What a client wants to be remembered with a run.
 *
 * @throws WireError 400 when it is too large or too deep
 */
export function readUserMetadata(
  wanted: Record<string, unknown> | null | undefined,
): Record<string, unknown> | null {
  const metadata = wanted ?? null;
  if (isDeeper(metadata, MAX_DEPTH))
    throw refusal(400, `user_metadata is nested deeper than ${MAX_DEPTH} levels.`);
  if (JSON.stringify(metadata).length > MAX_CHARS)
    throw refusal(400, `user_metadata is longer than ${MAX_CHARS / 1024} KiB as JSON.`);
  return metadata;
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => isDeeper(inner, levels - 1));
}
