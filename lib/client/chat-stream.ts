import { StudioError, WireError } from "@/lib/base/errors";
import { chatChunkSchema, type ChatCompletionRequest } from "@/lib/protocol/chat";
import { sentenceOfErrorBody } from "@/lib/protocol/error-bodies";
import type { SampledSequence } from "@/lib/protocol/sampling";
import { readEvents } from "./event-stream";
import type { CallOptions, Transport } from "./transport";

/** What a stream brings: text of one answer, or its end. */
export type ChatEvent =
  | { type: "text"; index: number; text: string }
  | { type: "end"; index: number; stopReason: SampledSequence["stopReason"] };

/**
 * The answers of `chat/completions` as they are written.
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
  { signal }: Pick<CallOptions, "signal">,
): AsyncGenerator<ChatEvent> {
  const response = await transport.stream(
    { method: "POST", path: "chat/completions", body: { ...request, stream: true } },
    { signal },
  );
  if (!response.body) throw unusable("the answer has no body");
  let sawAnswer = false;
  for await (const data of readEvents(response.body, { signal })) {
    if (data === "[DONE]") return;
    for (const event of eventsOf(data)) {
      sawAnswer = true;
      yield event;
    }
  }
  if (!sawAnswer) throw unusable("the stream ended before it held an answer");
}

function* eventsOf(data: string): Generator<ChatEvent> {
  const chunk = chatChunkSchema.safeParse(parsed(data));
  if (!chunk.success) throw unusable(`a line of the stream is no chunk: ${data.slice(0, 200)}`);
  if (chunk.data.error) {
    const sentence = sentenceOfErrorBody(data);
    throw new WireError("upstream_failed", sentence, { status: 200 });
  }
  for (const choice of chunk.data.choices ?? []) {
    const index = choice.index ?? 0;
    const text = choice.delta?.content;
    if (text) yield { type: "text", index, text };
    if (choice.finish_reason) {
      yield {
        type: "end",
        index,
        stopReason: choice.finish_reason === "length" ? "length" : "stop",
      };
    }
  }
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
