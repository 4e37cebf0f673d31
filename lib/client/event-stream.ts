import { StudioError } from "@/lib/base/errors";

/**
 * The data of each server-sent event, in order: lines may come split anywhere, end in any of the three ways, and several
 * `data:` lines form one event. Comments and other fields are passed over.
 *
 * @throws {@link StudioError} `unreachable` when the connection breaks; the signal's reason when it aborts
 */
export async function* readEvents(
  body: ReadableStream<Uint8Array>,
  { signal }: { signal: AbortSignal },
): AsyncGenerator<string> {
  let data: string[] = [];
  for await (const line of readLines(body, signal)) {
    if (line === "") {
      if (data.length > 0) yield data.join("\n");
      data = [];
    } else if (line.startsWith("data:")) {
      data.push(line.slice(line.startsWith("data: ") ? 6 : 5));
    }
  }
  if (data.length > 0) yield data.join("\n");
}

async function* readLines(
  body: ReadableStream<Uint8Array>,
  signal: AbortSignal,
): AsyncGenerator<string> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  try {
    for (;;) {
      const { done, value } = await nextOf(reader, signal);
      rest += decoder.decode(value, { stream: !done });
      // A lone CR at the end may be the first half of a CRLF.
      const held = !done && rest.endsWith("\r") ? 1 : 0;
      const lines = rest.slice(0, rest.length - held).split(/\r\n|\n|\r/);
      rest = (lines.pop() ?? "") + rest.slice(rest.length - held);
      yield* lines;
      if (done) break;
    }
    if (rest !== "") yield rest;
  } finally {
    reader.cancel().catch(() => undefined);
  }
}

async function nextOf(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  signal: AbortSignal,
): Promise<{ done: boolean; value: Uint8Array | undefined }> {
  try {
    const { done, value } = await reader.read();
    return { done, value };
  } catch (cause) {
    signal.throwIfAborted();
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new StudioError("unreachable", message, { cause, retryable: true });
  }
}
