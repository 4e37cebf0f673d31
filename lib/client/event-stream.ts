import { StudioError } from "@/lib/base/errors";
import { withTimeLimit } from "./time-limit";

const LONGEST_LINE = 1_000_000;
/** Servers think before they write, but none was seen to be silent for so long. */
const LONGEST_SILENCE_MS = 120_000;

/**
 * The data of each server-sent event, in order: lines may come split anywhere, end in any of the three ways, and several
 * `data:` lines form one event. Comments and other fields are passed over.
 *
 * @throws {@link StudioError} `unreachable` when the connection breaks, `timeout` when nothing comes for `silenceMs`,
 * `unusable_answer` for a line without an end; the signal's reason when it aborts
 */
export async function* readEvents(
  body: ReadableStream<Uint8Array>,
  {
    signal,
    silenceMs = LONGEST_SILENCE_MS,
  }: { signal: AbortSignal; silenceMs?: number | undefined },
): AsyncGenerator<string> {
  let data: string[] = [];
  for await (const line of readLines(body, signal, silenceMs)) {
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
  silenceMs: number,
): AsyncGenerator<string> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  try {
    for (;;) {
      const { done, value } = await nextOf(reader, signal, silenceMs);
      rest += decoder.decode(value, { stream: !done });
      // A lone CR at the end may be the first half of a CRLF.
      const held = !done && rest.endsWith("\r") ? 1 : 0;
      const lines = rest.slice(0, rest.length - held).split(/\r\n|\n|\r/);
      rest = (lines.pop() ?? "") + rest.slice(rest.length - held);
      yield* lines;
      if (done) break;
      if (rest.length > LONGEST_LINE)
        throw new StudioError("unusable_answer", "a line of the stream does not end");
    }
    if (rest !== "") yield rest;
  } finally {
    reader.cancel().catch(() => undefined);
  }
}

async function nextOf(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  signal: AbortSignal,
  silenceMs: number,
): Promise<{ done: boolean; value?: Uint8Array | undefined }> {
  try {
    return await withTimeLimit(silenceMs, signal, (limited) =>
      Promise.race([reader.read(), aborted(limited)]),
    );
  } catch (cause) {
    signal.throwIfAborted();
    if (cause instanceof StudioError) throw cause;
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new StudioError("unreachable", message, { cause, retryable: true });
  }
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) =>
    signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true }),
  );
}
