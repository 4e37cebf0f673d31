import { z } from "zod";
import { modelInputSchema } from "./tensors";

export const samplingParamsSchema = z.looseObject({
  max_tokens: z.number().nullish(),
  temperature: z.number().nullish(),
  top_p: z.number().nullish(),
  top_k: z.number().nullish(),
  seed: z.number().nullish(),
  stop: z.union([z.string(), z.array(z.string()), z.array(z.number())]).nullish(),
});
export type WireSamplingParams = z.input<typeof samplingParamsSchema>;

export const createSamplingSessionRequest = z.looseObject({
  session_id: z.string(),
  sampling_session_seq_id: z.number(),
  base_model: z.string().nullish(),
  model_path: z.string().nullish(),
  type: z.string().optional(),
});
export const createSamplingSessionAnswer = z
  .looseObject({ sampling_session_id: z.string() })
  .transform((wire) => ({ samplingSessionId: wire.sampling_session_id }));

export const sampleRequest = z.looseObject({
  prompt: modelInputSchema,
  sampling_params: samplingParamsSchema,
  num_samples: z.number().nullish(),
  base_model: z.string().nullish(),
  model_path: z.string().nullish(),
  sampling_session_id: z.string().nullish(),
  seq_id: z.number().nullish(),
  prompt_logprobs: z.boolean().nullish(),
  topk_prompt_logprobs: z.number().nullish(),
  type: z.string().optional(),
});
export type SampleRequest = z.input<typeof sampleRequest>;

export interface SampledSequence {
  tokens: number[];
  logprobs: (number | null)[] | null;
  stopReason: "stop" | "length";
}

export const sampleResult = z
  .looseObject({
    sequences: z.array(
      z.looseObject({
        tokens: z.array(z.number()),
        logprobs: z.array(z.number().nullable()).nullish(),
        stop_reason: z.string().nullish(),
      }),
    ),
  })
  .transform((wire): { sequences: SampledSequence[] } => ({
    sequences: wire.sequences.map((sequence) => ({
      tokens: sequence.tokens,
      logprobs: sequence.logprobs ?? null,
      stopReason: sequence.stop_reason === "length" ? "length" : "stop",
    })),
  }));
