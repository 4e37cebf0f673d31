import { WireError } from "@/lib/base/errors";
import { streamChat } from "@/lib/client/chat-stream";
import { sendSample } from "@/lib/client/send-sample";
import type { CallOptions, Transport } from "@/lib/client/transport";
import {
  sampleResult,
  type SampleRequest,
  type SampleResult,
  type WireSamplingParams,
} from "@/lib/protocol/sampling";
import { modelInputOf } from "@/lib/protocol/tensors";
import { saveForSampler } from "./checkpoint-steps";
import { done, PROBE_ROWS, type Patient, type Sampled } from "./patient";
import type { Finding } from "./types";

const PROMPT = modelInputOf(PROBE_ROWS[0]?.tokens.subarray(0, 6) ?? []);
const MAX_TOKENS = 12;
/** Greedy also on servers that take a temperature of 0 for 1. */
const LIKELIEST = { temperature: 1e-6, top_k: 1 };

export async function sampleBase(patient: Patient, options: CallOptions): Promise<Finding> {
  patient.baseTokens = await sampled(patient, null, LIKELIEST, options);
  return { outcome: "ok", code: "samples", facts: { tokens: patient.baseTokens.tokens.length } };
}

/** From the training checkpoint itself where the server does that, else from one saved for the sampler. */
export async function chooseSampledPath(patient: Patient, options: CallOptions): Promise<Finding> {
  const { traits, trainingPath } = patient;
  try {
    await sampled(patient, trainingPath, LIKELIEST, options);
    patient.sampledPath = trainingPath;
    traits.samplesTrainingCheckpoints = true;
    return { outcome: "ok", code: "samples_training_checkpoint" };
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    await saveForSampler(patient, options);
    await sampled(patient, patient.sampledPath, LIKELIEST, options);
    traits.samplesTrainingCheckpoints = false;
    return { outcome: "differs", code: "needs_sampler_save", facts: { reason: error.message } };
  }
}

export async function seeAdapter(patient: Patient, options: CallOptions): Promise<Finding> {
  const adapted = await sampled(patient, patient.sampledPath, LIKELIEST, options);
  const isSeen = patient.baseTokens !== null && !isSame(adapted, patient.baseTokens);
  return isSeen
    ? { outcome: "ok", code: "adapter_on" }
    : { outcome: "failed", code: "adapter_not_seen" };
}

export async function trySamplingOptions(patient: Patient, options: CallOptions): Promise<Finding> {
  const { traits, baseTokens } = patient;
  const ask = (params: WireSamplingParams) => sampled(patient, null, params, options);
  const zeros = [await ask({ temperature: 0 }), await ask({ temperature: 0 })];
  const [first, again, other] = [
    await ask({ temperature: 1, seed: 5 }),
    await ask({ temperature: 1, seed: 5 }),
    await ask({ temperature: 1, seed: 6 }),
  ];
  const tokensOf = (answer: Sampled) => answer.tokens.join();
  traits.greedyAtZero = zeros.every(
    (zero) => baseTokens && tokensOf(zero) === tokensOf(baseTokens),
  );
  traits.seeds = tokensOf(first) === tokensOf(again) && tokensOf(first) !== tokensOf(other);
  traits.promptLogprobs = await sampled(patient, null, LIKELIEST, options, {
    prompt_logprobs: true,
  })
    .then(({ promptLogprobs }) => (promptLogprobs?.length ?? 0) > 0)
    .catch((error: unknown) => {
      if (error instanceof WireError) return false;
      throw error;
    });
  const facts = {
    greedyAtZero: Number(traits.greedyAtZero),
    seeds: Number(traits.seeds),
    promptLogprobs: Number(traits.promptLogprobs),
  };
  return traits.greedyAtZero && traits.seeds
    ? { outcome: "ok", code: "options_honoured", facts }
    : { outcome: "differs", code: "options_ignored", facts };
}

export const tryStream =
  (transport: Transport) =>
  async ({ baseModel, traits }: Patient, options: CallOptions): Promise<Finding> => {
    const request = {
      model: baseModel,
      messages: [{ role: "user", content: "Hello" }],
      max_tokens: MAX_TOKENS,
    };
    let isStream = false;
    const watching: Pick<Transport, "stream"> = {
      stream: async (call, callOptions) => {
        const response = await transport.stream(call, callOptions);
        isStream = response.headers.get("content-type")?.includes("event-stream") ?? false;
        return response;
      },
    };
    let parts = 0;
    for await (const event of streamChat(watching, request, options))
      if (event.type === "text") parts += 1;
    traits.streams = isStream;
    return isStream
      ? { outcome: "ok", code: "streams", facts: { parts } }
      : { outcome: "differs", code: "whole_answer" };
  };

async function sampled(
  patient: Patient,
  modelPath: string | null,
  params: WireSamplingParams,
  options: CallOptions,
  extra: Partial<SampleRequest> = {},
): Promise<Sampled & Pick<SampleResult, "promptLogprobs">> {
  const request = {
    prompt: PROMPT,
    num_samples: 1,
    sampling_params: { max_tokens: MAX_TOKENS, ...params },
    base_model: patient.baseModel,
    ...(modelPath !== null && { model_path: modelPath }),
    ...extra,
  };
  const { sequences, promptLogprobs } = await done(
    patient,
    sendSample(patient.api, request, options),
    sampleResult,
    options,
  );
  return { tokens: [], logprobs: null, ...sequences[0], promptLogprobs };
}

function isSame(one: Sampled, other: Sampled): boolean {
  if (one.tokens.join() !== other.tokens.join()) return false;
  const [mine, its] = [one.logprobs ?? [], other.logprobs ?? []];
  return mine.every((value, at) => Math.abs((value ?? 0) - (its[at] ?? 0)) < 1e-4);
}
