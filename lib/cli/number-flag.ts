import { UsageError } from "./command";

/**
 * The number that a flag has; null where it was not given.
 *
 * @throws UsageError for what is no number, or none that the flag takes
 */
export function numberFlag(
  flag: string,
  text: string | undefined,
  {
    min,
    max = Number.MAX_SAFE_INTEGER,
    isWhole = false,
  }: { min: number; max?: number; isWhole?: boolean },
): number | null {
  if (text === undefined) return null;
  const value = Number(text);
  const isRight = text.trim() !== "" && value >= min && value <= max;
  if (isRight && (!isWhole || Number.isInteger(value))) return value;
  const kind = isWhole ? "a whole number" : "a number";
  const range = max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`;
  throw new UsageError(
    `${flag.length === 1 ? "-" : "--"}${flag} must be ${kind} ${range}, not "${text}".`,
  );
}
