import type { z } from "zod";

import type { samplingParamsSchema } from "@/lib/protocol/sampling";

import { refusal } from "../http/errors";

/** How one answer is drawn, checked and complete. */
export interface SamplingParams {
  maxTokens: number;
  temperature: number;
  topP: number;
  topK: number;
  seed: number;
  stopTexts: string[];
  stopTokens: number[];
}

const DEFAULT_MAX_TOKENS = 256;
const MAX_ANSWERS = 32;
const MAX_TOP_LOGPROBS = 20;

/**
 * @param room - tokens that fit behind the prompt; the answer is cut there
 * @param newSeed - for requests that bring none
 * @throws WireError 400 that names the field
 */
export function readSamplingParams(
  wire: z.output<typeof samplingParamsSchema>,
  { room, newSeed }: { room: number; newSeed: () => number },
): SamplingParams {
  if (room <= 0)
    throw refusal(
      400,
      "The prompt fills the model's whole context; shorten it so that an answer fits.",
    );
  const stops = [wire.stop ?? []].flat();
  return {
    // 0 and null mean "the default", as on Twinkle.
    maxTokens: Math.min(room, wholeNumber("max_tokens", wire.max_tokens, 0) || DEFAULT_MAX_TOKENS),
    temperature: numberIn("temperature", wire.temperature ?? 1, 0, 100),
    topP: numberIn("top_p", wire.top_p ?? 1, Number.MIN_VALUE, 1),
    topK: wholeNumber("top_k", wire.top_k ?? -1, -1),
    seed: wholeNumber("seed", wire.seed ?? newSeed(), 0),
    stopTexts: stops.filter((stop) => typeof stop === "string"),
    stopTokens: stops.filter((stop) => typeof stop === "number"),
  };
}

/** @throws WireError 400 */
export function readAnswerCount(field: string, wanted: number | null | undefined): number {
  const count = wholeNumber(field, wanted ?? 1, 1);
  if (count > MAX_ANSWERS)
    throw refusal(400, `${field} is ${count}; ask for at most ${MAX_ANSWERS} answers at once.`);
  return count;
}

/**
 * How many likeliest tokens are wanted at each position.
 *
 * @throws WireError 400
 */
export function readTopCount(field: string, wanted: number | null | undefined): number {
  const count = wholeNumber(field, wanted ?? 0, 0);
  if (count > MAX_TOP_LOGPROBS)
    throw refusal(400, `${field} is ${count}; ask for at most ${MAX_TOP_LOGPROBS}.`);
  return count;
}

function wholeNumber(field: string, value: number | null | undefined, least: number): number {
  const number = value ?? least;
  if (!Number.isSafeInteger(number) || number < least) {
    throw refusal(400, `${field} is ${number}; use a whole number of at least ${least}.`);
  }
  return number;
}

function numberIn(field: string, value: number, least: number, most: number): number {
  if (value >= least && value <= most) return value;
  throw refusal(
    400,
    `${field} is ${value}; use a number ${least === Number.MIN_VALUE ? "above 0 and" : `from ${least}`} up to ${most}.`,
  );
}
