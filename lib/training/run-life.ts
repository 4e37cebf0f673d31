import type { Clock } from "@/lib/base/clock";
import { StudioError, toErrorReport, WireError, type ErrorReport } from "@/lib/base/errors";
import { createTurns } from "@/lib/base/turns";
import { retryWaitMs } from "@/lib/client/backoff";
import { awaitFuture } from "@/lib/client/futures";
import { withTimeLimit } from "@/lib/client/time-limit";
import type { TrainingApi } from "@/lib/client/training-api";
import { wasNotSent } from "@/lib/client/transport";
import { STUDIO_SESSION } from "@/lib/protocol/sessions";
import * as z from "zod/mini";
import { failureKind } from "./failures";
import type { PrepareWork } from "./prepare-work";
import type { ModelTarget, PreparedWork, WorkRequest } from "./work-request";
import type { RunEvent, Submission, Work, WorkFailure } from "./run-state";

const HEARTBEAT_MS = 10_000;
const UNLOAD_LIMIT_MS = 10_000;
/** A browser opens some six connections to a server; polls must leave room for what the user does meanwhile. */
const POLLS_AT_ONCE = 2;

type WithoutTime<Event> = Event extends RunEvent ? Omit<Event, "at"> : never;
export type LifeEvent = WithoutTime<RunEvent>;

export interface LifeOptions {
  api: TrainingApi;
  clock: Clock;
  prepare: PrepareWork;
  emit: (event: LifeEvent) => void;
  onRequest: (call: string, requestId: string) => void;
}

/** One model on the server, from the session to the last poll: everything of it ends when its signal aborts. */
export interface RunLife {
  open(before: { abandonedModel: string | null; isAgain: boolean }): Promise<void>;
  submit(submission: Submission): Promise<void>;
  wait(ms: number): Promise<void>;
}

export function createLife(
  { api, clock, prepare, emit, onRequest }: LifeOptions,
  signal: AbortSignal,
): RunLife {
  const inTurn = createTurns(POLLS_AT_ONCE);
  const prepared = new WeakMap<Work, PreparedWork>();
  const target: ModelTarget = { sessionId: "", modelId: "", lastSeqId: 0 };
  let settledBefore: Promise<void> = Promise.resolve();
  let isConnected = true;
  let queueState: string | null = null;

  const onAnswer = () => {
    if (!isConnected) emit({ type: "answered" });
    isConnected = true;
  };
  const onRetry = (error: unknown) => {
    isConnected = false;
    emit({ type: "retrying", error: toErrorReport(error) });
  };
  const onPending = (state: string | null, reason: string | null) => {
    if (state !== queueState) emit({ type: "pending", queueState: state, reason });
    queueState = state;
  };

  /** Repeats a call as long as `mayRepeat` says that this does no harm. */
  async function patiently<Result>(
    call: () => Promise<Result>,
    mayRepeat: (error: unknown) => boolean,
  ): Promise<Result> {
    for (let failures = 1; ; failures++) {
      try {
        const result = await call();
        onAnswer();
        return result;
      } catch (error) {
        if (signal.aborted || !mayRepeat(error)) throw error;
        onRetry(error);
        await clock.sleep(retryWaitMs(error, failures), { signal });
      }
    }
  }

  async function beat(): Promise<void> {
    for (;;) {
      await clock.sleep(HEARTBEAT_MS, { signal });
      try {
        await api.heartbeat(target.sessionId, { signal, timeoutMs: HEARTBEAT_MS });
        emit({ type: "heartbeat" });
      } catch (error) {
        if (error instanceof WireError && error.status === 404) {
          return emit({ type: "session_gone", error: toErrorReport(error) });
        }
      }
    }
  }

  const settle = (request: WorkRequest, requestId: string): Promise<ErrorReport | null> =>
    inTurn(() => request.settle(requestId, { clock, signal, onPending, onRetry, onAnswer })).then(
      () => null,
      toErrorReport,
    );

  async function settleInOrder(
    before: Promise<void>,
    work: PreparedWork,
    from: number,
    outcomes: Promise<ErrorReport | null>[],
  ) {
    const errors = await Promise.all(outcomes);
    await before;
    if (signal.aborted) return;
    const failure = failureOf(errors, from);
    if (failure) return emit({ type: "failed", failure });
    const result = work.result();
    if (result.kind === "create_model") target.modelId = result.modelId;
    emit({ type: "done", result });
  }

  return {
    open: async ({ abandonedModel, isAgain }) => {
      await unloadModel(api, abandonedModel, { clock, signal });
      try {
        // A server that is being started again answers, but not yet to its calls.
        const isStarting = (error: StudioError) =>
          isAgain && error instanceof WireError && error.status === 404;
        const isPassing = (error: unknown) =>
          error instanceof StudioError && (error.retryable || isStarting(error));
        target.sessionId = (
          await patiently(() => api.createSession(STUDIO_SESSION, { signal }), isPassing)
        ).sessionId;
      } catch (error) {
        if (!signal.aborted) emit({ type: "broken", error: toErrorReport(error) });
        return;
      }
      emit({ type: "opened" });
      await beat();
    },

    submit: async ({ work, from }) => {
      const known = prepared.get(work) ?? (await prepare(work, target));
      prepared.set(work, known);
      const outcomes: Promise<ErrorReport | null>[] = [];
      try {
        for (const request of known.requests.slice(from)) {
          const { requestId } = await patiently(() => request.send({ signal }), wasNotSent);
          onRequest(request.call, requestId);
          outcomes.push(settle(request, requestId));
        }
        emit({ type: "acknowledged" });
      } catch (error) {
        if (signal.aborted) return;
        outcomes.push(Promise.resolve(toErrorReport(error)));
      }
      settledBefore = settleInOrder(settledBefore, known, from, outcomes);
      await settledBefore;
    },

    wait: async (ms) => {
      await clock.sleep(ms, { signal });
      emit({ type: "woke" });
    },
  };
}

/** Frees the slot of a model, as well as can be: a server that is gone or has forgotten it has no slot to free. */
export async function unloadModel(
  api: TrainingApi,
  modelId: string | null,
  { clock, signal }: { clock: Clock; signal: AbortSignal },
): Promise<void> {
  if (modelId === null) return;
  try {
    await withTimeLimit(UNLOAD_LIMIT_MS, signal, async (limited) => {
      const { requestId } = await api.unloadModel(modelId, { signal: limited });
      await awaitFuture(api, requestId, z.unknown(), { clock, signal: limited });
    });
  } catch {
    signal.throwIfAborted();
  }
}

/** The first failure of a work's requests; `not_executed` only where nothing after it was executed either. */
function failureOf(errors: (ErrorReport | null)[], from: number): WorkFailure | null {
  const first = errors.findIndex((error) => error !== null);
  const error = errors[first];
  if (!error) return null;
  const kind = failureKind(error);
  const isClean = errors
    .slice(first)
    .every((later) => later !== null && failureKind(later) === "not_executed");
  return {
    kind: kind === "not_executed" && !isClean ? "ambiguous" : kind,
    error,
    from: from + first,
  };
}
