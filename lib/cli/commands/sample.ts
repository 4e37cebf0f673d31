import fs from "node:fs";
import path from "node:path";
import * as z from "zod/mini";
import { systemClock } from "@/lib/base/clock";
import { StudioError } from "@/lib/base/errors";
import type { SamplingSettings } from "@/lib/base/sampling-settings";
import { sampleAnswers } from "@/lib/client/sample-answers";
import { chatRoleSchema, type ChatMessage } from "@/lib/protocol/chat";
import { encodeChat, encodeText } from "@/lib/tokenizer/encode-prompt";
import { askWithPath } from "@/lib/training/sampler-copy";
import { UsageError, type Command, type CommandContext } from "../command";
import { readCall, STDIN, type Connection } from "../connection";
import { lackedSince, learnOfServer } from "../known-servers";
import { numberFlag } from "../number-flag";
import { weightsInfo } from "../server-facts";
import { loadTokenizer } from "../tokenizer-source";

const messagesSchema = z.array(z.object({ role: chatRoleSchema, content: z.string() }));

/** Answers of a checkpoint or a base model. */
export const sample: Command = {
  usage: [
    [
      "sample --path PATH|--base MODEL --prompt TEXT|--messages FILE [--tokenizer DIR|MODEL] [-n N] [--temperature T] [--top-p P] [--top-k K] [--max-tokens N] [--stop TEXT]... [--seed N]",
      "answers of a checkpoint or a base model; FILE holds a list of {role, content}, - reads it from stdin",
    ],
  ],
  run: async (args, context) => {
    const { positionals, values, connection } = readCall(args, context, {
      path: { type: "string" },
      base: { type: "string" },
      prompt: { type: "string" },
      messages: { type: "string" },
      tokenizer: { type: "string" },
      n: { type: "string", short: "n" },
      temperature: { type: "string" },
      "top-p": { type: "string" },
      "top-k": { type: "string" },
      "max-tokens": { type: "string" },
      stop: { type: "string", multiple: true },
      seed: { type: "string" },
    });
    if (positionals.length > 0)
      throw new UsageError(`"${positionals[0]}" belongs behind --prompt, in quotes.`);
    if ((values.prompt === undefined) === (values.messages === undefined))
      throw new UsageError("sample needs either --prompt or --messages.");
    const settings: SamplingSettings = {
      temperature: numberFlag("temperature", values.temperature, { min: 0, max: 10 }) ?? 0.7,
      topP: numberFlag("top-p", values["top-p"], { min: 0.001, max: 1 }) ?? 1,
      topK: numberFlag("top-k", values["top-k"], { min: 1, isWhole: true }),
      maxTokens: numberFlag("max-tokens", values["max-tokens"], { min: 1, isWhole: true }) ?? 256,
      stop: values.stop ?? [],
      seed: numberFlag("seed", values.seed, { min: 0, isWhole: true }),
      count: numberFlag("n", values.n, { min: 1, max: 128, isWhole: true }) ?? 1,
    };
    const { signal } = context;
    const checkpoint = values.path ?? null;
    const baseModel =
      values.base ??
      (checkpoint && (await weightsInfo(connection.api, checkpoint, { signal })).baseModel);
    if (!baseModel)
      throw new UsageError(
        checkpoint
          ? "The server does not say which model the checkpoint is of; name it with --base."
          : "sample needs --path of a checkpoint or --base of a model.",
      );
    const tokenizer = await loadTokenizer(values.tokenizer ?? baseModel, connection, context);
    const prompt =
      values.messages === undefined
        ? encodeText(tokenizer, values.prompt ?? "")
        : encodeChat(tokenizer, baseModel, readMessages(values.messages, context.cwd));
    const options = { clock: systemClock, signal };
    const ask = (path: string | null) =>
      sampleAnswers(
        connection.api,
        {
          ...{ baseModel, path, settings, ids: prompt.ids, turnEnd: prompt.stop },
          decode: (tokens) => tokenizer.decode(tokens),
        },
        options,
      );
    const answers =
      checkpoint === null
        ? await ask(null)
        : await askCheckpoint({ path: checkpoint, baseModel }, connection, context, ask);
    const parameters = { baseModel, path: checkpoint, prompt: prompt.text, ...settings };
    return {
      value: { answers, parameters },
      text: answers.map(({ text }) => text).join("\n---\n"),
    };
  },
};

/** Keeps in mind where only what was saved for the sampler is sampled. */
async function askCheckpoint<Answer>(
  sampled: { path: string; baseModel: string },
  connection: Connection,
  context: CommandContext,
  ask: (path: string) => Promise<Answer>,
): Promise<Answer> {
  const isLacking = (await lackedSince("sample_training", context, connection)) !== null;
  const options = { clock: systemClock, signal: context.signal };
  const asked = await askWithPath(
    connection.api,
    { serverId: connection.serverUrl, ...sampled },
    isLacking,
    options,
    ask,
  );
  if (asked.isLacking && !isLacking) {
    const sample_training = { has: false, learnedAt: systemClock.now() };
    await learnOfServer(context, connection, { sample_training });
  }
  return asked.answer;
}

/** @throws StudioError `dataset_invalid` for a file that holds no conversation */
function readMessages(file: string, cwd: string): ChatMessage[] {
  let text: string;
  try {
    text = fs.readFileSync(file === "-" ? STDIN : path.resolve(cwd, file), "utf8");
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${(error as Error).message}`);
  }
  const parsed = messagesSchema.safeParse(jsonOf(text, file));
  if (parsed.success && parsed.data.length > 0) return parsed.data;
  throw new StudioError(
    "dataset_invalid",
    `${file} must hold a list of messages: [{"role": "user", "content": "..."}], with the roles system, user and assistant.`,
  );
}

function jsonOf(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new StudioError("dataset_invalid", `${file} is no JSON: ${(error as Error).message}`);
  }
}
