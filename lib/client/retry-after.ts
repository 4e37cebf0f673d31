/** No server may send a client to sleep for longer. */
const LONGEST_RETRY_AFTER_MS = 60_000;

/**
 * How long a busy server asks to be left alone, from `Retry-After` in seconds or as an HTTP date; 0 to 60,000 ms.
 * A date is measured by the server's own clock where it sends one.
 *
 * @param now - milliseconds since the epoch
 */
export function retryAfterMs(headers: Headers, now: number): number | undefined {
  const asked = headers.get("retry-after")?.trim();
  if (!asked) return undefined;
  const ms = /^\d+(\.\d+)?$/.test(asked)
    ? Number(asked) * 1000
    : Date.parse(asked) - (Date.parse(headers.get("date") ?? "") || now);
  return Number.isNaN(ms) ? undefined : Math.min(LONGEST_RETRY_AFTER_MS, Math.max(0, ms));
}
