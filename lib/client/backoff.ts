import { WireError } from "@/lib/base/errors";

const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 15_000;
const BUSY_WAIT_MS = 1_000;

/** Milliseconds to wait before the next try after `failures` failures in a row: 250 ms, doubled each time, at most 15 s. */
export function backoffMs(failures: number): number {
  return Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.max(0, failures - 1));
}

/** The wait before a call that failed with `error` is made again: as long as the server asks, and never less than the backoff. */
export function retryWaitMs(error: unknown, failures: number): number {
  return Math.max(backoffMs(failures), askedMs(error));
}

function askedMs(error: unknown): number {
  if (!(error instanceof WireError)) return 0;
  return error.retryAfterMs ?? (error.code === "rate_limited" ? BUSY_WAIT_MS : 0);
}
