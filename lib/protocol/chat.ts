import * as z from "zod/mini";
import { informative } from "./informative";

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

/** What a server says instead of an answer, also inside a 200. */
const chatError = z.nullish(
  z.union([z.string(), z.looseObject({ message: informative(z.string()) })]),
);
const choiceFields = { index: informative(z.number()), finish_reason: informative(z.string()) };
const written = z.nullish(z.looseObject({ content: z.nullish(z.string()) }));

/** One `data:` line of a stream: a delta, or an error that arrives inside a 200. */
export const chatChunkSchema = z.looseObject({
  choices: z.nullish(z.array(z.looseObject({ ...choiceFields, delta: written }))),
  error: chatError,
});

/** The whole answer of a server that does not stream. */
export const chatCompletionAnswer = z.looseObject({
  choices: z.nullish(z.array(z.looseObject({ ...choiceFields, message: written }))),
  error: chatError,
});
