import { z } from "zod";
import { datumSchema, tensorSchema, type WireTensor } from "./tensors";

export const loraConfigSchema = z.looseObject({
  rank: z.number(),
  seed: z.number().nullish(),
  train_mlp: z.boolean().nullish(),
  train_attn: z.boolean().nullish(),
  train_unembed: z.boolean().nullish(),
});

export const createModelRequest = z.looseObject({
  session_id: z.string(),
  model_seq_id: z.number(),
  base_model: z.string(),
  lora_config: loraConfigSchema.nullish(),
  user_metadata: z.record(z.string(), z.unknown()).nullish(),
  type: z.string().optional(),
});
export type CreateModelRequest = z.input<typeof createModelRequest>;

export const createModelResult = z
  .looseObject({ model_id: z.string() })
  .transform((wire) => ({ modelId: wire.model_id }));

export const forwardInputSchema = z.looseObject({
  data: z.array(datumSchema),
  loss_fn: z.string(),
  loss_fn_config: z.record(z.string(), z.unknown()).nullish(),
});

export const forwardBackwardRequest = z.looseObject({
  model_id: z.string(),
  seq_id: z.number().nullish(),
  forward_backward_input: forwardInputSchema,
});
export type ForwardBackwardRequest = z.input<typeof forwardBackwardRequest>;

export const forwardRequest = z.looseObject({
  model_id: z.string(),
  seq_id: z.number().nullish(),
  forward_input: forwardInputSchema,
});
export type ForwardRequest = z.input<typeof forwardRequest>;

export interface ForwardResult {
  /** One array a row, aligned with the row's targets; NaN where the server sent null; null where it sent none. */
  logprobs: (Float32Array | null)[];
  metrics: Record<string, number>;
}

const metricsSchema = z.record(z.string(), z.unknown()).nullish();

/** Keeps the numbers of a metrics object: servers name and type them freely. */
export function numericMetrics(
  metrics: Record<string, unknown> | null | undefined,
): Record<string, number> {
  return Object.fromEntries(
    Object.entries(metrics ?? {}).filter(
      (entry): entry is [string, number] => typeof entry[1] === "number",
    ),
  );
}

function floats(tensor: WireTensor | null | undefined): Float32Array | null {
  return tensor ? Float32Array.from(tensor.data, (value) => value ?? Number.NaN) : null;
}

export const forwardResult = z
  .looseObject({
    loss_fn_outputs: z.array(z.looseObject({ logprobs: tensorSchema.nullish() })).nullish(),
    metrics: metricsSchema,
  })
  .transform((wire): ForwardResult => ({
    logprobs: (wire.loss_fn_outputs ?? []).map((row) => floats(row.logprobs)),
    metrics: numericMetrics(wire.metrics),
  }));

export const adamParamsSchema = z.looseObject({
  learning_rate: z.number().default(1e-4),
  beta1: z.number().default(0.9),
  beta2: z.number().default(0.95),
  eps: z.number().default(1e-12),
  weight_decay: z.number().default(0),
  grad_clip_norm: z.number().default(0),
});

export const optimStepRequest = z.looseObject({
  model_id: z.string(),
  seq_id: z.number().nullish(),
  adam_params: adamParamsSchema,
  type: z.string().optional(),
});
export type OptimStepRequest = z.input<typeof optimStepRequest>;

export const optimStepResult = z
  .looseObject({ metrics: metricsSchema })
  .transform((wire) => ({ metrics: numericMetrics(wire.metrics) }));

export const unloadModelRequest = z.looseObject({
  model_id: z.string(),
  type: z.string().optional(),
});
export const getInfoRequest = z.looseObject({ model_id: z.string(), type: z.string().optional() });
