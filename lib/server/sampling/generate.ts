import type { ServedModel } from "../models/served-model";
import type { SamplingParams } from "./sampling-params";
import { StopScanner } from "./stop-scanner";
import { TokenTextDecoder } from "./text-decoder";

export interface GenerateOptions {
  model: ServedModel;
  /** Adapter id in the model's engine, or null for the plain base model. */
  adapter: string | null;
  prompt: Int32Array;
  params: SamplingParams;
  withPromptLogprobs?: boolean;
  signal: AbortSignal;
  /** Called with text that is final; the pieces together are the answer's text. */
  onText?: (text: string) => void;
}

export interface Generated {
  /** Includes the token that ended the answer. */
  tokens: number[];
  logprobs: number[];
  stopReason: "stop" | "length";
  promptLogprobs?: (number | null)[];
}

/** One answer. It ends at an end token, a stop token, a stop string, or `maxTokens`; its text leaves all of them out. */
export async function generate(options: GenerateOptions): Promise<Generated> {
  const { model, params, signal, onText } = options;
  const decoder = new TokenTextDecoder((ids) => model.tokenizer.decode(ids));
  const scanner = new StopScanner(params.stopTexts);
  const stopTokens = [...new Set([...model.endTokens, ...params.stopTokens])];
  const isTextWanted = onText !== undefined || params.stopTexts.length > 0;
  const ended = new AbortController();
  const onAbort = () => ended.abort(signal.reason);
  let isStopped = false;
  const tokens: number[] = [];
  const logprobs: number[] = [];

  const emit = (text: string) => {
    const scanned = scanner.push(text);
    if (scanned.text) onText?.(scanned.text);
    isStopped = scanned.isStopped;
    if (isStopped) ended.abort();
  };

  signal.throwIfAborted();
  signal.addEventListener("abort", onAbort);
  try {
    const result = await model.engine.sample(
      {
        adapter: options.adapter,
        prompt: options.prompt,
        maxTokens: params.maxTokens,
        temperature: params.temperature,
        topP: params.topP,
        topK: params.topK,
        seed: params.seed,
        stopTokens,
        promptLogprobs: options.withPromptLogprobs ?? false,
      },
      {
        signal: ended.signal,
        onToken: ({ token, logprob }) => {
          if (ended.signal.aborted) return;
          tokens.push(token);
          logprobs.push(logprob);
          if (isTextWanted && !stopTokens.includes(token)) emit(decoder.push(token));
        },
      },
    );
    if (!isStopped) emit(decoder.flush());
    if (isStopped) return { ...result, tokens, logprobs, stopReason: "stop" };
    const rest = scanner.flush();
    if (rest) onText?.(rest);
    return result;
  } catch (error) {
    if (!isStopped || signal.aborted) throw error;
    return { tokens, logprobs, stopReason: "stop" };
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}
