import * as z from "zod/mini";

/** A flat tensor on the wire. Servers were seen to send `null` inside `data` and to leave out `shape`. */
export const tensorSchema = z.object({
  data: z.array(z.nullable(z.number())),
  dtype: z.optional(z.string()),
  shape: z.nullish(z.array(z.number())),
});

export const chunkSchema = z.object({ type: z.optional(z.string()), tokens: z.array(z.number()) });
export const modelInputSchema = z.object({ chunks: z.array(chunkSchema) });

export const datumSchema = z.object({
  model_input: modelInputSchema,
  loss_fn_inputs: z.record(z.string(), z.union([tensorSchema, z.array(z.nullable(z.number()))])),
});

export type WireTensor = z.infer<typeof tensorSchema>;
export type WireModelInput = z.infer<typeof modelInputSchema>;
export type WireDatum = z.infer<typeof datumSchema>;

/** `tokens` as the one-chunk model input that every server takes. */
export function modelInputOf(tokens: ArrayLike<number>): WireModelInput {
  return { chunks: [{ type: "encoded_text", tokens: Array.from(tokens) }] };
}

export function int64Tensor(values: ArrayLike<number>): WireTensor {
  return { data: Array.from(values), dtype: "int64", shape: [values.length] };
}

export function float32Tensor(values: ArrayLike<number>): WireTensor {
  return { data: Array.from(values), dtype: "float32", shape: [values.length] };
}
