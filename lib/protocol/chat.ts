import { z } from "zod";

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
  max_tokens: z.number().nullish(),
  max_completion_tokens: z.number().nullish(),
  temperature: z.number().nullish(),
  top_p: z.number().nullish(),
  top_k: z.number().nullish(),
  seed: z.number().nullish(),
  stop: z.union([z.string(), z.array(z.string())]).nullish(),
  n: z.number().nullish(),
  stream: z.boolean().nullish(),
  adapter_uri: z.string().nullish(),
});
export type ChatCompletionRequest = z.input<typeof chatCompletionRequest>;

/** One `data:` line of a stream: a delta, or an error that arrives inside a 200. */
export const chatChunkSchema = z.looseObject({
  choices: z
    .array(
      z.looseObject({
        index: z.number().nullish(),
        delta: z.looseObject({ content: z.string().nullish() }).nullish(),
        finish_reason: z.string().nullish(),
      }),
    )
    .nullish(),
  error: z.looseObject({ message: z.string().nullish() }).nullish(),
});
