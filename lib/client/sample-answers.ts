import type { Clock } from "@/lib/base/clock";
import type { SamplingSettings } from "@/lib/base/sampling-settings";
import {
  sampleResult,
  type SampledSequence,
  type WireSamplingParams,
} from "@/lib/protocol/sampling";
import { modelInputOf } from "@/lib/protocol/tensors";
import { awaitFuture } from "./futures";
import { sendSample, type SampleCalls } from "./send-sample";
import type { TrainingApi } from "./training-api";

/** Twinkle's asample turns 0 into 1, so the likeliest token is asked for in another way. */
const NEARLY_ZERO = 1e-6;

export interface SampledAnswer {
  text: string;
  /** Ids as they were sampled, with those of the string that ended it. */
  tokens: number[];
  stopReason: SampledSequence["stopReason"];
}

/** What ends an answer: the reader's own strings, and those with which the model ends a turn, because not every server knows them. */
export function stopsOf(
  { stop }: Pick<SamplingSettings, "stop">,
  turnEnd: readonly string[],
): string[] {
  return [...new Set([...stop, ...turnEnd])];
}

/** The `sampling_params` of asample. */
export function samplingParams(
  settings: Omit<SamplingSettings, "count">,
  stop: string[],
): WireSamplingParams {
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

/**
 * Answers of a model or a checkpoint to a prompt of token ids, each without the string that ended it.
 *
 * @param ask - `path` is a checkpoint, null for the base model itself; `turnEnd` are strings that end a turn of the model
 * @throws what {@link awaitFuture} and the call throw
 */
export async function sampleAnswers(
  api: SampleCalls & Pick<TrainingApi, "retrieveFuture">,
  ask: {
    baseModel: string;
    path: string | null;
    ids: readonly number[];
    turnEnd: readonly string[];
    settings: SamplingSettings;
    decode: (tokens: number[]) => string | Promise<string>;
  },
  { clock, signal }: { clock: Clock; signal: AbortSignal },
): Promise<SampledAnswer[]> {
  const stop = stopsOf(ask.settings, ask.turnEnd);
  const { requestId } = await sendSample(
    api,
    {
      prompt: modelInputOf(ask.ids),
      num_samples: ask.settings.count,
      sampling_params: samplingParams(ask.settings, stop),
      base_model: ask.baseModel,
      ...(ask.path === null ? {} : { model_path: ask.path }),
      type: "sample",
    },
    { signal },
  );
  const { sequences } = await awaitFuture(api, requestId, sampleResult, { clock, signal });
  return Promise.all(
    sequences.map(async ({ tokens, stopReason }) => {
      const text = await ask.decode(tokens);
      return { text: textBefore(stop, text), tokens, stopReason };
    }),
  );
}

/** Sampled tokens hold the stop string that ended them. */
function textBefore(stop: readonly string[], text: string): string {
  const ends = stop.map((end) => text.indexOf(end)).filter((at) => at >= 0);
  return ends.length > 0 ? text.slice(0, Math.min(...ends)) : text;
}
