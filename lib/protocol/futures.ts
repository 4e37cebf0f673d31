import * as z from "zod/mini";
import { sentenceOfErrorBody } from "./error-bodies";
import { informative } from "./informative";

/** Some servers count their requests. `model_id` is null on Twinkle's create_model. */
export const futureAnswer = z.pipe(
  z.looseObject({
    request_id: z.union([z.string(), z.number()]),
    model_id: z.nullish(z.string()),
  }),
  z.transform((wire) => ({ requestId: String(wire.request_id), modelId: wire.model_id ?? null })),
);
export type FutureRef = z.output<typeof futureAnswer>;

/** The field by which a first answer without a request id is known for the result of its call. */
const RESULT_FIELDS = {
  create_model: "model_id",
  forward: "loss_fn_outputs",
  forward_backward: "loss_fn_outputs",
  optim_step: "metrics",
  save_weights: "path",
  save_weights_for_sampler: "path",
  load_weights: "path",
  unload_model: "model_id",
  asample: "sequences",
} as const;
export type ComputeCall = keyof typeof RESULT_FIELDS;

/** What a compute call answers at once: a future, or from a server that does not queue the result itself, or its failure. */
export function firstAnswer(call: ComputeCall) {
  const field = RESULT_FIELDS[call];
  const isResult = (answer: Record<string, unknown>) =>
    (answer[field] ?? null) !== null || failedFutureAnswer.safeParse(answer).success;
  const result = z.pipe(
    z.looseObject({}).check(z.refine(isResult)),
    z.transform((wire) => ({ result: wire })),
  );
  return z.union([futureAnswer, result], {
    error: `the answer has neither a request_id nor a result with ${field}`,
  });
}

export const retrieveFutureRequest = z.looseObject({ request_id: z.string() });

/** Pending, failed, or a result of the call's own shape: told apart by these two schemas, in this order. */
export const tryAgainAnswer = z.pipe(
  z.looseObject({
    type: z.literal("try_again"),
    queue_state: informative(z.string()),
    queue_state_reason: informative(z.string()),
  }),
  z.transform((wire) => ({ queueState: wire.queue_state, reason: wire.queue_state_reason })),
);

/** Any `error` or `detail` that says something, whatever its form: results of calls have neither. */
export const failedFutureAnswer = z.pipe(
  z
    .looseObject({
      error: z.optional(z.unknown()),
      detail: z.optional(z.unknown()),
      category: informative(z.string()),
    })
    .check(z.refine(({ error, detail }) => Boolean(error) || Boolean(detail))),
  z.transform(
    (wire) =>
      ({
        sentence: sentenceOfErrorBody(JSON.stringify({ detail: wire.error || wire.detail })),
        category: wire.category?.toLowerCase() === "user" ? "user" : "server",
      }) as const,
  ),
);
