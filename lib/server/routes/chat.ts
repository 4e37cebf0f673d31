import { chatCompletionRequest } from "@/lib/protocol/chat";

import type { SampledSequence } from "../engine/types";
import { events, json } from "../http/answers";
import { describeError, openAiError, refusal } from "../http/errors";
import { parseBody, type Route } from "../http/router";
import { ChatChunks, finishedChoice, logprobsOf, usageOf } from "../sampling/chat-answers";
import { generate } from "../sampling/generate";
import { readAnswerCount, readSamplingParams } from "../sampling/sampling-params";
import type { Services } from "../services";

/** OpenAI's chat completions, with `adapter_uri` for a checkpoint; streamed token by token when asked for. */
export function chatRoutes({ adapters, clock, newId, newSeed }: Services): Route[] {
  return [
    {
      method: "POST",
      path: "chat/completions",
      errorShape: "openai",
      handle: async (call) => {
        const request = parseBody(call, chatCompletionRequest);
        if (request.top_logprobs)
          throw refusal(400, "top_logprobs is not served here; leave it out or send 0.");
        const source = adapters.resolve(call.owner, request.model, request.adapter_uri ?? null);
        const { model } = source;
        const prompt = Int32Array.from(model.tokenizer.encodeChat(request.messages));
        const count = readAnswerCount("n", request.n);
        const params = readSamplingParams(
          { ...request, max_tokens: request.max_completion_tokens ?? request.max_tokens },
          { room: model.config.maxPositions - prompt.length, newSeed },
        );
        const head = {
          id: `chatcmpl-${newId()}`,
          created: Math.floor(clock.now() / 1000),
          model: request.model,
        };
        const textOf = (token: number) => model.tokenizer.decode([token]);
        const logprobs = (answer: SampledSequence) =>
          request.logprobs ? logprobsOf(answer, textOf) : null;
        const answerAll = (
          onText: (index: number, text: string) => void,
          onEnd?: (index: number, answer: SampledSequence) => void,
        ) =>
          adapters.use(source, (adapter) =>
            generate({
              ...{ model, adapter, prompt, params, count, signal: call.signal, onText },
              ...(onEnd ? { onEnd } : {}),
            }),
          );

        if (!request.stream) {
          const texts = Array<string>(count).fill("");
          const { sequences } = await answerAll((index, text) => (texts[index] += text));
          return json({
            ...{ ...head, object: "chat.completion" },
            choices: sequences.map((answer, index) =>
              finishedChoice(index, texts[index] ?? "", answer, logprobs(answer)),
            ),
            usage: usageOf(prompt.length, sequences),
          });
        }
        return events(async (send) => {
          const withUsage = request.stream_options?.include_usage === true;
          const chunks = new ChatChunks(head, withUsage, (chunk) => send(JSON.stringify(chunk)));
          for (let index = 0; index < count; index++) chunks.begin(index);
          try {
            const { sequences } = await answerAll(
              (index, text) => chunks.text(index, text),
              (index, answer) => chunks.end(index, answer, logprobs(answer)),
            );
            if (withUsage) chunks.usage(usageOf(prompt.length, sequences));
          } catch (error) {
            // The status is sent already: an error in mid-stream is a line of it.
            const { status, sentence } = describeError(error);
            send(JSON.stringify({ error: openAiError(status, sentence) }));
          }
          send("[DONE]");
        });
      },
    },
  ];
}
