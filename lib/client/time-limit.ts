import { StudioError } from "@/lib/base/errors";

/**
 * What `run` comes to, unless the caller's signal aborts (its reason is thrown) or `ms` pass (`timeout`).
 * Leaves no timer and no listener behind, unlike `AbortSignal.any` with a timeout, of which a long run would collect thousands.
 */
export async function withTimeLimit<Result>(
  ms: number,
  signal: AbortSignal,
  run: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  signal.throwIfAborted();
  const limit = new AbortController();
  const onAbort = () => limit.abort(signal.reason);
  const onTimeout = () =>
    limit.abort(
      new StudioError("timeout", "the server did not answer in time", { retryable: true }),
    );
  const timer = setTimeout(onTimeout, ms);
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    return await run(limit.signal);
  } catch (error) {
    if (limit.signal.aborted) throw limit.signal.reason;
    throw error;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", onAbort);
  }
}
