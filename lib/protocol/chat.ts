import * as z from "zod/mini";

export const chatRoleSchema = z.enum(["system", "user", "assistant"]);
export type ChatRole = z.infer<typeof chatRoleSchema>;
export const chatMessageSchema = z.looseObject({ role: z.string(), content: z.string() });
export interface ChatMessage {
  role: ChatRole;
  content: string;
}

/** OpenAI's chat completion call, with Twinkle's `adapter_uri` for a checkpoint. */
export const chatCompletionRequest = z.looseObject({
  model: z.string(),
  messages: z.array(chatMessageSchema),
  max_tokens: z.nullish(z.number()),
  max_completion_tokens: z.nullish(z.number()),
  temperature: z.nullish(z.number()),
  top_p: z.nullish(z.number()),
  top_k: z.nullish(z.number()),
  seed: z.nullish(z.number()),
  stop: z.nullish(z.union([z.string(), z.array(z.string())])),
  n: z.nullish(z.number()),
  stream: z.nullish(z.boolean()),
  stream_options: z.nullish(z.looseObject({ include_usage: z.nullish(z.boolean()) })),
  logprobs: z.nullish(z.boolean()),
  top_logprobs: z.nullish(z.number()),
  adapter_uri: z.nullish(z.string()),
});
export type ChatCompletionRequest = z.input<typeof chatCompletionRequest>;

/** One `data:` line of a stream: a delta, or an error that arrives inside a 200. */
export const chatChunkSchema = z.looseObject({
  choices: z.nullish(
    z.array(
      z.looseObject({
        index: z.nullish(z.number()),
        delta: z.nullish(z.looseObject({ content: z.nullish(z.string()) })),
        finish_reason: z.nullish(z.string()),
      }),
    ),
  ),
  error: z.nullish(z.looseObject({ message: z.nullish(z.string()) })),
});
