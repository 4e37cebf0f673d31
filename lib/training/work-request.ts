import type * as z from "zod/mini";
import { invariant } from "@/lib/base/assert-never";
import { awaitFuture, type AwaitOptions } from "@/lib/client/futures";
import type { TrainingApi } from "@/lib/client/training-api";
import type { CallOptions } from "@/lib/client/transport";
import type { FutureRef } from "@/lib/protocol/futures";
import type { WorkResult } from "./run-state";

/** One call of a work: sent once, then awaited; its answer stays with it. */
export interface WorkRequest<Answer = unknown> {
  call: string;
  send(options: CallOptions): Promise<FutureRef>;
  settle(requestId: string, options: AwaitOptions): Promise<void>;
  answer(): Answer;
}

/** A work as the calls that it comes to, in the order in which the server must get them. */
export interface PreparedWork {
  requests: WorkRequest[];
  /** What came of it, once all requests are settled. */
  result(): WorkResult;
}

/** Where the requests of a model go. */
export interface ModelTarget {
  sessionId: string;
  /** Empty until the model is made. */
  modelId: string;
  lastSeqId: number;
}

export function workRequest<Answer>(
  api: TrainingApi,
  call: string,
  schema: z.ZodMiniType<Answer>,
  send: (options: CallOptions) => Promise<FutureRef>,
): WorkRequest<Answer> {
  let kept: { answer: Answer } | undefined;
  return {
    call,
    send,
    settle: async (requestId, options) => {
      kept = { answer: await awaitFuture(api, requestId, schema, { ...options, call }) };
    },
    answer: () => {
      invariant(kept, `${call} was read before it was settled`);
      return kept.answer;
    },
  };
}

/** The ids of the next request: `seq_id` counts from 1 and rises with every request of a model. */
export function nextIds(target: ModelTarget): { model_id: string; seq_id: number } {
  invariant(target.modelId, "a request was sent before its model was made");
  return { model_id: target.modelId, seq_id: (target.lastSeqId += 1) };
}
