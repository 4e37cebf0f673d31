import * as z from "zod/mini";
import { informative } from "./informative";
import { datumSchema } from "./tensors";

export const loraConfigSchema = z.looseObject({
  rank: z.number(),
  seed: z.nullish(z.number()),
  train_mlp: z.nullish(z.boolean()),
  train_attn: z.nullish(z.boolean()),
  train_unembed: z.nullish(z.boolean()),
});

export const createModelRequest = z.looseObject({
  session_id: z.string(),
  model_seq_id: z.number(),
  base_model: z.string(),
  lora_config: z.nullish(loraConfigSchema),
  user_metadata: z.nullish(z.record(z.string(), z.unknown())),
  type: z.optional(z.string()),
});
export type CreateModelRequest = z.input<typeof createModelRequest>;

export const createModelResult = z.pipe(
  z.looseObject({ model_id: z.string() }),
  z.transform((wire) => ({ modelId: wire.model_id })),
);

export const forwardInputSchema = z.looseObject({
  data: z.array(datumSchema),
  loss_fn: z.string(),
  loss_fn_config: z.nullish(z.record(z.string(), z.unknown())),
});

export const forwardBackwardRequest = z.looseObject({
  model_id: z.string(),
  seq_id: z.nullish(z.number()),
  forward_backward_input: forwardInputSchema,
});
export type ForwardBackwardRequest = z.input<typeof forwardBackwardRequest>;

export const forwardRequest = z.looseObject({
  model_id: z.string(),
  seq_id: z.nullish(z.number()),
  forward_input: forwardInputSchema,
});
export type ForwardRequest = z.input<typeof forwardRequest>;

export interface ForwardResult {
  /** One array a row, aligned with the row's targets; NaN where the server sent null; null where it sent none. */
  logprobs: (Float32Array | null)[];
  metrics: Record<string, number>;
}

const metricsSchema = informative(z.record(z.string(), z.unknown()));
const floatsSchema = z.array(z.nullable(z.number()));
/** A tensor or its bare numbers. */
const logprobsSchema = z.nullish(z.union([z.looseObject({ data: floatsSchema }), floatsSchema]));

/** Keeps the numbers of a metrics object: servers name and type them freely. */
export function numericMetrics(metrics: Record<string, unknown> | null): Record<string, number> {
  return Object.fromEntries(
    Object.entries(metrics ?? {}).filter(
      (entry): entry is [string, number] => typeof entry[1] === "number",
    ),
  );
}

function floats(logprobs: z.output<typeof logprobsSchema>): Float32Array | null {
  if (!logprobs) return null;
  const data = Array.isArray(logprobs) ? logprobs : logprobs.data;
  return Float32Array.from(data, (value) => value ?? Number.NaN);
}

export const forwardResult = z.pipe(
  z.looseObject({
    loss_fn_outputs: z.nullish(z.array(z.looseObject({ logprobs: logprobsSchema }))),
    metrics: metricsSchema,
  }),
  z.transform((wire): ForwardResult => ({
    logprobs: (wire.loss_fn_outputs ?? []).map((row) => floats(row.logprobs)),
    metrics: numericMetrics(wire.metrics),
  })),
);

export const adamParamsSchema = z.looseObject({
  learning_rate: z._default(z.number(), 1e-4),
  beta1: z._default(z.number(), 0.9),
  beta2: z._default(z.number(), 0.95),
  eps: z._default(z.number(), 1e-12),
  weight_decay: z._default(z.number(), 0),
  grad_clip_norm: z._default(z.number(), 0),
});

export const optimStepRequest = z.looseObject({
  model_id: z.string(),
  seq_id: z.nullish(z.number()),
  adam_params: adamParamsSchema,
  type: z.optional(z.string()),
});
export type OptimStepRequest = z.input<typeof optimStepRequest>;

export const optimStepResult = z.pipe(
  z.looseObject({ metrics: metricsSchema }),
  z.transform((wire) => ({ metrics: numericMetrics(wire.metrics) })),
);

export const unloadModelRequest = z.looseObject({
  model_id: z.string(),
  type: z.optional(z.string()),
});
export const getInfoRequest = z.looseObject({ model_id: z.string(), type: z.optional(z.string()) });
