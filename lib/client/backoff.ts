const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 15_000;

/** Milliseconds to wait before the next try after `failures` failures in a row: 250 ms, doubled each time, at most 15 s. */
export function backoffMs(failures: number): number {
  return Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.max(0, failures - 1));
}
