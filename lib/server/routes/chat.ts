import { chatCompletionRequest } from "@/lib/protocol/chat";

import { events, json, type SendEvent } from "../http/answers";
import { describeError, openAiError } from "../http/errors";
import { parseBody, type Route } from "../http/router";
import { generate, type Generated } from "../sampling/generate";
import { readAnswerCount, readSamplingParams } from "../sampling/sampling-params";
import type { Services } from "../services";

type WriteText = (index: number, text: string) => void;

/** OpenAI's chat completions, with `adapter_uri` for a checkpoint; streamed token by token when asked for. */
export function chatRoutes({ adapters, clock, newId, newSeed }: Services): Route[] {
  return [
    {
      method: "POST",
      path: "chat/completions",
      errorShape: "openai",
      handle: async (call) => {
        const request = parseBody(call, chatCompletionRequest);
        const source = adapters.resolve(call.owner, request.model, request.adapter_uri ?? null);
        const { model } = source;
        const prompt = Int32Array.from(model.tokenizer.encodeChat(request.messages));
        const count = readAnswerCount("n", request.n);
        const params = readSamplingParams(
          { ...request, max_tokens: request.max_completion_tokens ?? request.max_tokens },
          {
            room: model.config.maxPositions - prompt.length,
            newSeed,
          },
        );
        const head = {
          id: `chatcmpl-${newId()}`,
          created: Math.floor(clock.now() / 1000),
          model: request.model,
        };

        const generateAll = (
          onText: WriteText,
          onEnd?: (index: number, answer: Generated) => void,
        ) =>
          adapters.use(source, (adapter) =>
            Promise.all(
              Array.from({ length: count }, async (_, index) => {
                const answer = await generate({
                  model,
                  adapter,
                  prompt,
                  signal: call.signal,
                  params: { ...params, seed: params.seed + index },
                  onText: (text) => onText(index, text),
                });
                onEnd?.(index, answer);
                return answer;
              }),
            ),
          );

        if (request.stream) {
          return events((send) =>
            streamAnswers(send, { ...head, object: "chat.completion.chunk" }, count, generateAll),
          );
        }
        const texts = Array<string>(count).fill("");
        const answers = await generateAll((index, text) => (texts[index] += text));
        const completionTokens = answers.reduce((sum, { tokens }) => sum + tokens.length, 0);
        return json({
          ...head,
          object: "chat.completion",
          choices: answers.map(({ stopReason }, index) => ({
            index,
            message: { role: "assistant", content: texts[index] },
            finish_reason: stopReason,
          })),
          usage: {
            prompt_tokens: prompt.length,
            completion_tokens: completionTokens,
            total_tokens: prompt.length + completionTokens,
          },
        });
      },
    },
  ];
}

async function streamAnswers(
  send: SendEvent,
  head: object,
  count: number,
  generateAll: (
    onText: WriteText,
    onEnd: (index: number, answer: Generated) => void,
  ) => Promise<unknown>,
): Promise<void> {
  const chunk = (index: number, delta: object, finishReason: string | null) =>
    send(JSON.stringify({ ...head, choices: [{ index, delta, finish_reason: finishReason }] }));
  for (let index = 0; index < count; index++)
    chunk(index, { role: "assistant", content: "" }, null);
  try {
    await generateAll(
      (index, content) => chunk(index, { content }, null),
      (index, { stopReason }) => chunk(index, {}, stopReason),
    );
  } catch (error) {
    // The status is sent already: an error in mid-stream is a line of it.
    const { status, sentence } = describeError(error);
    send(JSON.stringify({ error: openAiError(status, sentence) }));
  }
  send("[DONE]");
}
