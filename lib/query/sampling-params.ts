import { stopsOf } from "@/lib/client/sample-answers";
import type { ChatCompletionRequest } from "@/lib/protocol/chat";
import type { AnswerSettings } from "@/lib/storage/conversation";
import type { Question } from "./sampling";

/** The body of `chat/completions`, which honours a temperature of 0. */
export function chatRequest(
  { model, prompt, settings }: Question,
  turnEnd: string[],
): ChatCompletionRequest {
  const stop = stopsOf(settings, turnEnd);
  return {
    model: model.baseModel,
    messages: prompt.mode === "chat" ? prompt.messages.map((message) => ({ ...message })) : [],
    max_tokens: settings.maxTokens,
    temperature: settings.temperature,
    top_p: settings.topP,
    ...(settings.topK === null ? {} : { top_k: settings.topK }),
    ...(settings.seed === null ? {} : { seed: settings.seed }),
    ...(stop.length > 0 ? { stop } : {}),
    ...(model.path === null ? {} : { adapter_uri: model.path }),
  };
}

export type IgnoredBecause = "greedy" | "server";

/** What is known of the server that is asked. */
export interface AskedServer {
  isTwinkle: boolean;
  isChat: boolean;
  /** Whether it was found to honour the seed of sampled tokens. */
  seed: boolean | undefined;
}

/**
 * Settings that will have no effect, with the reason: nothing is drawn at temperature 0, and Twinkle Server drops top-k
 * from chats. The seed of sampled tokens is honoured as the server was found to do, and not by a Twinkle Server that was
 * not examined.
 */
export function ignoredSettings(
  { temperature }: AnswerSettings,
  { isTwinkle, isChat, seed = !isTwinkle }: AskedServer,
): Partial<Record<"topP" | "topK" | "seed", IgnoredBecause>> {
  if (temperature === 0) return { topP: "greedy", topK: "greedy", seed: "greedy" };
  if (isChat) return isTwinkle ? { topK: "server" } : {};
  return seed ? {} : { seed: "server" };
}
