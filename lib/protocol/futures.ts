import * as z from "zod/mini";

/** What a compute call answers at once. `model_id` is null on Twinkle's create_model. */
export const futureAnswer = z.pipe(
  z.looseObject({ request_id: z.string(), model_id: z.nullish(z.string()) }),
  z.transform((wire) => ({ requestId: wire.request_id, modelId: wire.model_id ?? null })),
);
export type FutureRef = z.output<typeof futureAnswer>;

export const retrieveFutureRequest = z.looseObject({ request_id: z.string() });

/** Pending, failed, or a result of the call's own shape: told apart by these two schemas, in this order. */
export const tryAgainAnswer = z.pipe(
  z.looseObject({
    type: z.literal("try_again"),
    queue_state: z.nullish(z.string()),
    queue_state_reason: z.nullish(z.string()),
  }),
  z.transform((wire) => ({
    queueState: wire.queue_state ?? null,
    reason: wire.queue_state_reason ?? null,
  })),
);

export const failedFutureAnswer = z.pipe(
  z.looseObject({ error: z.string(), category: z.nullish(z.string()) }),
  z.transform(
    (wire) =>
      ({
        error: wire.error,
        category: wire.category?.toLowerCase() === "user" ? "user" : "server",
      }) as const,
  ),
);
