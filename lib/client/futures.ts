import type * as z from "zod/mini";
import type { Clock } from "@/lib/base/clock";
import { StudioError, WireError } from "@/lib/base/errors";
import { failedFutureAnswer, tryAgainAnswer } from "@/lib/protocol/futures";
import { retryWaitMs } from "./backoff";
import type { TrainingApi } from "./training-api";
import { unusableAnswer } from "./transport";

export interface FutureWatcher {
  /** The server has not finished; it says why, or nothing. */
  onPending?: (queueState: string | null, reason: string | null) => void;
  /** A look failed and is tried again. */
  onRetry?: (error: StudioError, failures: number) => void;
  /** The server answered. */
  onAnswer?: () => void;
}

export interface AwaitOptions extends FutureWatcher {
  /** The call that the future is of: it stands before what is wrong with the result. */
  call?: string;
  clock: Clock;
  signal: AbortSignal;
}

/** A pending answer that took this long was a whole long poll; faster ones are followed by a pause. */
const WHOLE_POLL_MS = 10_000;
const SHORTEST_POLL_MS = 200;
/** Some servers hold a look and then end it with 408: that took some time, unlike the refusal of a busy server. */
const SHORTEST_HOLD_MS = 1_000;
/** Some servers report a failed future as HTTP 500, others have a bad moment: so many in a row mean the former. */
const MOST_INTERNAL_ERRORS = 3;
/** No server was seen to work at one request for longer; one that queues says that it is paused. */
const LONGEST_PENDING_MS = 3_600_000;

/** Clients of servers that were seen to tell the state of a pending request; others tell none of any. */
const tellsStates = new WeakSet<object>();

/**
 * The result of a future, however long it takes: polls through pending answers, broken connections and servers that are down.
 *
 * @throws {@link WireError} `future_failed` with the server's sentence when the work failed;
 * `future_lost` when the server does not know the future (any more), or keeps it pending for an hour without a reason; `unauthorized` or `forbidden` as they come;
 * {@link StudioError} `unusable_answer` for a result of another shape; the signal's reason when it aborts
 */
export async function awaitFuture<Result>(
  api: Pick<TrainingApi, "retrieveFuture">,
  requestId: string,
  result: z.ZodMiniType<Result>,
  { clock, signal, call = "retrieve_future", onPending, onRetry, onAnswer }: AwaitOptions,
): Promise<Result> {
  let failures = 0;
  let silentPolls = 0;
  let pendingSince = clock.now();
  for (;;) {
    const startedAt = clock.now();
    try {
      const answer = await api.retrieveFuture(requestId, { signal });
      if (isNoAnswer(answer) && failures + 1 < MOST_INTERNAL_ERRORS) throw noAnswer();
      failures = 0;
      onAnswer?.();
      const pending = tryAgainAnswer.safeParse(answer);
      if (!pending.success) return resultOf(answer, result, call);
      onPending?.(pending.data.queueState, pending.data.reason);
      const tookMs = clock.now() - startedAt;
      if (pending.data.queueState !== null) {
        tellsStates.add(api);
        silentPolls = 0;
      } else if (tookMs >= WHOLE_POLL_MS) silentPolls += 1;
      // Where requests have a state, an id without one was never heard of and would look pending for ever.
      if (silentPolls >= 2 && tellsStates.has(api))
        throw lost("the server keeps the request waiting without knowing it", 200);
      if (pending.data.queueState?.startsWith("paused")) pendingSince = clock.now();
      if (clock.now() - pendingSince > LONGEST_PENDING_MS)
        throw lost("the server has kept the request waiting for an hour", 200);
      if (tookMs < SHORTEST_POLL_MS) await clock.sleep(SHORTEST_POLL_MS, { signal });
    } catch (error) {
      if (isTimeout(error) && clock.now() - startedAt >= SHORTEST_HOLD_MS) {
        onAnswer?.();
        onPending?.(null, null);
        failures = 0;
        continue;
      }
      failures += 1;
      const retry = retryable(error, failures);
      onRetry?.(retry, failures);
      await clock.sleep(retryWaitMs(retry, failures), { signal });
    }
  }
}

function resultOf<Result>(answer: unknown, result: z.ZodMiniType<Result>, call: string): Result {
  const failed = failedFutureAnswer.safeParse(answer);
  if (failed.success) {
    throw new WireError("future_failed", failed.data.sentence, {
      status: 200,
      details: { category: failed.data.category },
    });
  }
  const parsed = result.safeParse(answer);
  if (parsed.success) return parsed.data;
  throw unusableAnswer(call, parsed.error);
}

/** The error if looking again can help; thrown as what it means for the future if not. */
function retryable(error: unknown, failures: number): StudioError {
  if (!(error instanceof StudioError)) throw error;
  if (!(error instanceof WireError)) {
    if (error.retryable) return error;
    throw error;
  }
  const { status, message } = error;
  if (status === 200) throw error;
  if (status === 404 || status === 410) throw lost(message, status);
  if (status === 400) throw new WireError("future_failed", message, { status, cause: error });
  if (status === 500 && failures >= MOST_INTERNAL_ERRORS)
    throw new WireError("future_failed", message, { status, cause: error });
  if (status === 408 || status === 425 || status === 429 || status >= 500) return error;
  throw error;
}

/** An empty body, an HTML page of a proxy, JSON that was cut off: not what a server says of a future. */
function isNoAnswer(answer: unknown): boolean {
  return answer === undefined || answer === null;
}

function isTimeout(error: unknown): boolean {
  return error instanceof WireError && error.status === 408;
}

function noAnswer(): StudioError {
  return new StudioError("unusable_answer", "retrieve_future: not JSON", { retryable: true });
}

function lost(message: string, status: number): WireError {
  return new WireError("future_lost", message, { status });
}
