import { StudioError, WireError } from "@/lib/base/errors";
import {
  chatChunkSchema,
  chatCompletionAnswer,
  type ChatCompletionRequest,
} from "@/lib/protocol/chat";
import { sentenceOfErrorBody } from "@/lib/protocol/error-bodies";
import type { SampledSequence } from "@/lib/protocol/sampling";
import { readEvents } from "./event-stream";
import { parseAnswer, wholeText, type CallOptions, type Transport } from "./transport";

const PATH = "chat/completions";

/** What a stream brings: text of one answer, or its end. */
export type ChatEvent =
  | { type: "text"; index: number; text: string }
  | { type: "end"; index: number; stopReason: SampledSequence["stopReason"] };

/**
 * The answers of `chat/completions` as they are written; at once where the server does not stream.
 *
 * A stream that ends without `[DONE]` counts as whole once it held an answer, because servers leave the mark out.
 * Aborting the signal ends the request, and the server stops writing.
 *
 * @throws {@link WireError} when the server refuses, or reports an error inside a stream that began well;
 * {@link StudioError} `unreachable` when the connection breaks, `unusable_answer` when what came is no stream of answers
 */
export async function* streamChat(
  transport: Pick<Transport, "stream">,
  request: Omit<ChatCompletionRequest, "stream">,
  { signal, timeoutMs }: CallOptions,
): AsyncGenerator<ChatEvent> {
  const response = await transport.stream(
    { method: "POST", path: PATH, body: { ...request, stream: true } },
    { signal, ...(timeoutMs !== undefined && { timeoutMs }) },
  );
  if (!isStream(response)) {
    yield* eventsOfWhole(await wholeText({ path: PATH }, response));
    return;
  }
  if (!response.body) throw unusable("the answer has no body");
  let sawAnswer = false;
  for await (const data of readEvents(response.body, { signal, silenceMs: timeoutMs })) {
    if (data === "[DONE]") return;
    if (data === "") continue;
    for (const event of eventsOf(data)) {
      sawAnswer = true;
      yield event;
    }
  }
  if (!sawAnswer) throw unusable("the stream ended before it held an answer");
}

function isStream(response: Response): boolean {
  return !/json|html/.test(response.headers.get("content-type") ?? "");
}

function* eventsOfWhole(text: string): Generator<ChatEvent> {
  const { choices, error } = parseAnswer({ path: PATH, answer: chatCompletionAnswer }, text);
  if (error) throw failed(text);
  if (!choices?.length) throw unusable("choices: expected at least one");
  for (const [at, { index, message, finish_reason }] of choices.entries()) {
    yield { type: "text", index: index ?? at, text: message?.content ?? "" };
    yield { type: "end", index: index ?? at, stopReason: stopReasonOf(finish_reason) };
  }
}

function* eventsOf(data: string): Generator<ChatEvent> {
  const chunk = chatChunkSchema.safeParse(parsed(data));
  if (!chunk.success) throw unusable(`a line of the stream is no chunk: ${data.slice(0, 200)}`);
  if (chunk.data.error) throw failed(data);
  for (const choice of chunk.data.choices ?? []) {
    const index = choice.index ?? 0;
    const text = choice.delta?.content;
    if (text) yield { type: "text", index, text };
    if (choice.finish_reason) {
      yield { type: "end", index, stopReason: stopReasonOf(choice.finish_reason) };
    }
  }
}

function stopReasonOf(finishReason: string | null | undefined): SampledSequence["stopReason"] {
  return finishReason === "length" ? "length" : "stop";
}

function failed(body: string): WireError {
  return new WireError("upstream_failed", sentenceOfErrorBody(body), { status: 200 });
}

function parsed(data: string): unknown {
  try {
    return JSON.parse(data);
  } catch {
    return undefined;
  }
}

function unusable(what: string): StudioError {
  return new StudioError("unusable_answer", `chat/completions: ${what}`);
}
