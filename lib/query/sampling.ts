import { queryOptions, type QueryClient } from "@tanstack/react-query";
import { systemClock } from "@/lib/base/clock";
import { WireError } from "@/lib/base/errors";
import { streamChat } from "@/lib/client/chat-stream";
import { sampleAnswers } from "@/lib/client/sample-answers";
import type { ServerFeatures } from "@/lib/doctor/features";
import type { ChatMessage } from "@/lib/protocol/chat";
import type { SampledSequence } from "@/lib/protocol/sampling";
import type { AnswerSettings, ModelChoice } from "@/lib/storage/conversation";
import { askWithPath } from "@/lib/training/sampler-copy";
import { datasetHost } from "@/lib/workers/dataset-client";
import { chatRequest } from "./sampling-params";
import { learn, serverFeaturesQuery } from "./server-features";
import { trainingApi, trainingTransport } from "./studio-calls";
import { tokenizerQuery } from "./tokenizer";

export type Prompt = { mode: "chat"; messages: ChatMessage[] } | { mode: "text"; text: string };

export interface Question {
  /** Which server is asked: what it lacks is known by its address. */
  serverId: string;
  model: ModelChoice;
  prompt: Prompt;
  settings: AnswerSettings;
}

export interface Answer {
  text: string;
  stopReason: SampledSequence["stopReason"];
  /** Null for an answer that came as text: see {@link countTokens}. */
  tokens: number | null;
}

interface AskOptions {
  client: QueryClient;
  signal: AbortSignal;
  /** The text so far grew by this; not called by servers and calls that do not stream. */
  onText: (text: string) => void;
}

/**
 * As many answers as the settings ask for. One chat answer streams where the server can; several, and plain text, are
 * sampled from token ids and come whole.
 */
export async function askForAnswers(question: Question, options: AskOptions): Promise<Answer[]> {
  const { client, signal } = options;
  const { serverId, model } = question;
  if (model.path === null) return ask(question, options);
  const isLacking = featuresOf(question, options).sample_training?.has === false;
  const asked = await askWithPath(
    trainingApi,
    { serverId, path: model.path, baseModel: model.baseModel },
    isLacking,
    { clock: systemClock, signal },
    (path) => ask({ ...question, model: { ...model, path } }, options),
  );
  if (asked.isLacking && !isLacking) {
    const sample_training = { has: false, learnedAt: systemClock.now() };
    await learn(client, serverId, { features: { sample_training } });
  }
  return asked.answer;
}

function featuresOf({ serverId }: Question, { client }: AskOptions): ServerFeatures {
  return client.getQueryData(serverFeaturesQuery(serverId).queryKey) ?? {};
}

async function ask(question: Question, options: AskOptions): Promise<Answer[]> {
  const { client } = options;
  const { serverId } = question;
  const features = featuresOf(question, options);
  if (!asksByChat(question, features)) return sample(question, options);
  try {
    return [await stream(question, options)];
  } catch (error) {
    if (!(error instanceof WireError) || ![404, 405, 501].includes(error.status)) throw error;
    const answers = await sample(question, options);
    // The same model answered by the other call, so it was the route that is missing.
    const lacks = { has: false, learnedAt: systemClock.now() };
    await learn(client, serverId, { features: { chat: lacks, streaming: lacks } });
    return answers;
  }
}

/** Whether the question goes to the chat call, which streams where the server can, and not to the sampler. */
export function asksByChat(
  { prompt, settings }: Pick<Question, "settings"> & { prompt: Pick<Prompt, "mode"> },
  features: ServerFeatures,
): boolean {
  return prompt.mode === "chat" && settings.count === 1 && features.chat?.has !== false;
}

/** The prompt as the model sees it: text and ids, by the model's own chat template. */
export function encodedPromptQuery(baseModel: string, prompt: Prompt) {
  return queryOptions({
    queryKey: ["encoded-prompt", baseModel, prompt],
    queryFn: () => encode(baseModel, prompt),
    networkMode: "always",
    staleTime: Infinity,
    gcTime: 60_000,
    retry: false,
  });
}

async function stream(question: Question, { client, signal, onText }: AskOptions): Promise<Answer> {
  const { baseModel } = question.model;
  // A server ends its own turns; without a tokenizer here the answer is asked for all the same.
  const tokenizer = tokenizerQuery(baseModel);
  const isMissing = client.getQueryState(tokenizer.queryKey)?.status === "error";
  const facts = isMissing ? null : await client.ensureQueryData(tokenizer).catch(() => null);
  signal.throwIfAborted();
  let text = "";
  let stopReason: Answer["stopReason"] = "stop";
  const request = chatRequest(question, facts?.stop ?? []);
  for await (const event of streamChat(trainingTransport, request, { signal })) {
    if (event.type === "end") stopReason = event.stopReason;
    else {
      text += event.text;
      onText(event.text);
    }
  }
  return { text, stopReason, tokens: null };
}

async function sample(question: Question, { signal }: AskOptions): Promise<Answer[]> {
  const { model, prompt, settings } = question;
  const encoded = await encode(model.baseModel, prompt);
  signal.throwIfAborted();
  const answers = await sampleAnswers(
    trainingApi,
    {
      baseModel: model.baseModel,
      path: model.path,
      ids: encoded.ids,
      turnEnd: encoded.stop,
      settings,
      decode: (tokens) => datasetHost().decode(model.baseModel, tokens),
    },
    { clock: systemClock, signal },
  );
  return answers.map((answer) => ({ ...answer, tokens: answer.tokens.length }));
}

function encode(baseModel: string, prompt: Prompt) {
  return prompt.mode === "chat"
    ? datasetHost().encodeChat(baseModel, prompt.messages)
    : datasetHost().encodeText(baseModel, prompt.text);
}

/** Tokens of a text, when the model's tokenizer is at hand; else null. */
export async function countTokens(
  client: QueryClient,
  baseModel: string,
  text: string,
): Promise<number | null> {
  if (text === "") return 0;
  if (!client.getQueryData(tokenizerQuery(baseModel).queryKey)) return null;
  const encoded = await datasetHost()
    .encodeText(baseModel, text)
    .catch(() => null);
  return encoded && encoded.ids.length;
}
