import type { SampledSequence, SampleResult } from "../engine/types";
import type { ServedModel } from "../models/served-model";
import { AnswerText } from "./answer-text";
import type { SamplingParams } from "./sampling-params";

export interface GenerateOptions {
  model: ServedModel;
  /** Adapter id in the model's engine, or null for the plain base model. */
  adapter: string | null;
  prompt: Int32Array;
  params: SamplingParams;
  /** Number of answers. */
  count: number;
  withPromptLogprobs?: boolean;
  /** Likeliest tokens wanted at each position of the prompt. */
  topPromptLogprobs?: number;
  signal: AbortSignal;
  /** Called with text that is final; the pieces of an answer together are its text. */
  onText?: (index: number, text: string) => void;
  onEnd?: (index: number, answer: SampledSequence) => void;
}

/**
 * Answers to one prompt. Each ends at an end token, a stop token, a stop string, or `maxTokens`; its tokens include
 * what ended it, its text does not.
 */
export async function generate(options: GenerateOptions): Promise<SampleResult> {
  const { model, params, count, signal, onText, onEnd } = options;
  const stopTokens = [...new Set([...model.endTokens, ...params.stopTokens])];
  const isTextWanted = onText !== undefined || params.stopTexts.length > 0;
  const texts = Array.from(
    { length: isTextWanted ? count : 0 },
    (_, index) =>
      new AnswerText(model.tokenizer, params.stopTexts, (text) => onText?.(index, text)),
  );
  // An answer whose last token completes a stop string was stopped, whatever the engine counted.
  const ended = (index: number, answer: SampledSequence): SampledSequence =>
    texts[index]?.isStopped ? { ...answer, stopReason: "stop" } : answer;
  const result = await model.engine.sample(
    {
      adapter: options.adapter,
      prompt: options.prompt,
      count,
      maxTokens: params.maxTokens,
      temperature: params.temperature,
      topP: params.topP,
      topK: params.topK,
      seed: params.seed,
      stopTokens,
      promptLogprobs: options.withPromptLogprobs ?? false,
      topPromptLogprobs: options.topPromptLogprobs ?? 0,
    },
    {
      signal,
      onToken: (index, { token }) => {
        if (stopTokens.includes(token)) return undefined;
        const text = texts[index];
        text?.push(token);
        return text?.isStopped ? "stop" : undefined;
      },
      onEnd: (index, answer) => {
        model.tally.sampledTokens += answer.tokens.length;
        texts[index]?.end();
        onEnd?.(index, ended(index, answer));
      },
    },
  );
  return { ...result, sequences: result.sequences.map((answer, index) => ended(index, answer)) };
}
