import * as z from "zod/mini";
import { informative } from "./informative";
import { modelInputSchema } from "./tensors";

export const samplingParamsSchema = z.looseObject({
  max_tokens: z.nullish(z.number()),
  temperature: z.nullish(z.number()),
  top_p: z.nullish(z.number()),
  top_k: z.nullish(z.number()),
  seed: z.nullish(z.number()),
  stop: z.nullish(z.union([z.string(), z.array(z.string()), z.array(z.number())])),
});
export type WireSamplingParams = z.input<typeof samplingParamsSchema>;

export const sampleRequest = z.looseObject({
  prompt: modelInputSchema,
  sampling_params: samplingParamsSchema,
  num_samples: z.nullish(z.number()),
  base_model: z.nullish(z.string()),
  model_path: z.nullish(z.string()),
  sampling_session_id: z.nullish(z.string()),
  seq_id: z.nullish(z.number()),
  prompt_logprobs: z.nullish(z.boolean()),
  topk_prompt_logprobs: z.nullish(z.number()),
  type: z.optional(z.string()),
});
export type SampleRequest = z.input<typeof sampleRequest>;

export interface SampledSequence {
  tokens: number[];
  logprobs: (number | null)[] | null;
  stopReason: "stop" | "length";
}

export interface SampleResult {
  sequences: SampledSequence[];
  /** One a token of the prompt; some servers leave the first out, others send null for it. */
  promptLogprobs: (number | null)[] | null;
}

export const sampleResult = z.pipe(
  z.looseObject({
    sequences: z.array(
      z.looseObject({
        tokens: z.array(z.number()),
        logprobs: informative(z.array(z.nullable(z.number()))),
        stop_reason: informative(z.string()),
      }),
    ),
    prompt_logprobs: informative(z.array(z.nullable(z.number()))),
  }),
  z.transform((wire): SampleResult => ({
    sequences: wire.sequences.map((sequence) => ({
      tokens: sequence.tokens,
      logprobs: sequence.logprobs,
      stopReason: sequence.stop_reason === "length" ? "length" : "stop",
    })),
    promptLogprobs: wire.prompt_logprobs,
  })),
);
