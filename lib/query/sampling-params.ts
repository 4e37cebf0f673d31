import type { ChatCompletionRequest } from "@/lib/protocol/chat";
import type { WireSamplingParams } from "@/lib/protocol/sampling";
import type { AnswerSettings } from "@/lib/storage/conversation";
import type { Question } from "./sampling";

/** Twinkle's asample turns 0 into 1, so the likeliest token is asked for in another way. */
const NEARLY_ZERO = 1e-6;

/** What ends an answer: the reader's own strings, and those with which the model ends a turn, because not every server knows them. */
export function stopsOf({ stop }: AnswerSettings, turnEnd: readonly string[]): string[] {
  return [...new Set([...stop, ...turnEnd])];
}

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

/** The `sampling_params` of asample. */
export function samplingParams(settings: AnswerSettings, stop: string[]): WireSamplingParams {
  const isGreedy = settings.temperature === 0;
  return {
    max_tokens: settings.maxTokens,
    temperature: isGreedy ? NEARLY_ZERO : settings.temperature,
    top_p: settings.topP,
    top_k: isGreedy ? 1 : (settings.topK ?? -1),
    ...(settings.seed === null ? {} : { seed: settings.seed }),
    ...(stop.length > 0 ? { stop } : {}),
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
