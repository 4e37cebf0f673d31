import type { ServerResponse } from "node:http";
import fc from "fast-check";
import { afterEach, expect, test } from "vitest";
import { scriptedUpstream, sendJson, type ScriptedUpstream } from "@/lib/testing/scripted-upstream";
import { streamChat, type ChatEvent } from "./chat-stream";
import { readEvents } from "./event-stream";
import { createTransport } from "./transport";

let upstream: ScriptedUpstream | undefined;
afterEach(async () => {
  await upstream?.close();
  upstream = undefined;
});

async function chat(
  answer: (response: ServerResponse) => void,
  signal = new AbortController().signal,
  onEvent: (event: ChatEvent) => void = () => undefined,
): Promise<ChatEvent[]> {
  upstream = await scriptedUpstream((_request, response) => answer(response));
  const transport = createTransport({ baseUrl: upstream.url, fetch });
  const events: ChatEvent[] = [];
  const request = { model: "m", messages: [{ role: "user", content: "hi" }] };
  for await (const event of streamChat(transport, request, { signal })) {
    events.push(event);
    onEvent(event);
  }
  return events;
}

function stream(...lines: string[]) {
  return (response: ServerResponse) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.end(lines.map((line) => `data: ${line}\n\n`).join(""));
  };
}

function delta(content: string, finishReason: string | null = null, index = 0): string {
  return JSON.stringify({ choices: [{ index, delta: { content }, finish_reason: finishReason }] });
}

test("text and end of several answers come in the order of the stream", async () => {
  const events = await chat(
    stream(
      delta(""),
      delta("a"),
      delta("b", null, 1),
      delta("c", "stop"),
      delta("", "length", 1),
      "[DONE]",
    ),
  );
  expect(events).toEqual([
    { type: "text", index: 0, text: "a" },
    { type: "text", index: 1, text: "b" },
    { type: "text", index: 0, text: "c" },
    { type: "end", index: 0, stopReason: "stop" },
    { type: "end", index: 1, stopReason: "length" },
  ]);
  expect(JSON.parse(upstream!.seen[0]!.body)).toMatchObject({ model: "m", stream: true });
});

test("a stream without [DONE] and without a finish reason is a whole answer", async () => {
  expect(await chat(stream(delta("all of it")))).toEqual([
    { type: "text", index: 0, text: "all of it" },
  ]);
});

test("an error inside a 200 is thrown after the text that came before it", async () => {
  const seen: ChatEvent[] = [];
  const answer = stream(
    delta("half"),
    JSON.stringify({ error: { message: "Sampler error: gone" } }),
    "[DONE]",
  );
  await expect(chat(answer, undefined, (event) => seen.push(event))).rejects.toMatchObject({
    code: "upstream_failed",
    message: "Sampler error: gone",
  });
  expect(seen).toEqual([{ type: "text", index: 0, text: "half" }]);
});

test("a refusal keeps its status", async () => {
  const answer = (response: ServerResponse) => sendJson(response, { detail: "Not Found" }, 404);
  await expect(chat(answer)).rejects.toMatchObject({ status: 404, code: "not_found" });
});

test("an answer that is no stream of chunks is called unusable", async () => {
  await expect(chat(stream())).rejects.toMatchObject({ code: "unusable_answer" });
  await upstream!.close();
  await expect(chat(stream("{"))).rejects.toMatchObject({ code: "unusable_answer" });
});

test("CRLF, comments, other fields, empty events and data over several lines are read as the standard says", async () => {
  const answer = (response: ServerResponse) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write(": hello\r\n\r\nevent: ping\r\ndata:\r\n\r\nretry: 10\r\n");
    response.end(
      'data: {"choices": [{"index": null,\r\ndata: "delta": {"content": "a"}}]}\r\n\r\n',
    );
  };
  expect(await chat(answer)).toEqual([{ type: "text", index: 0, text: "a" }]);
});

test("what is null or unknown in a chunk does no harm", async () => {
  const chunks = [
    { choices: null, usage: { prompt_tokens: 0 } },
    { choices: [{ index: "0", delta: null, finish_reason: null }] },
    { choices: [{ delta: { content: null, role: 5 } }] },
    { choices: [{ index: 0, delta: { content: "a" }, finish_reason: "out_of_energy" }] },
  ];
  expect(await chat(stream(...chunks.map((chunk) => JSON.stringify(chunk))))).toEqual([
    { type: "text", index: 0, text: "a" },
    { type: "end", index: 0, stopReason: "stop" },
  ]);
});

test("a server that does not stream is heard all the same", async () => {
  const answer = (response: ServerResponse) =>
    sendJson(response, {
      choices: [{ index: 0, message: { content: "whole" }, finish_reason: "length" }],
    });
  expect(await chat(answer)).toEqual([
    { type: "text", index: 0, text: "whole" },
    { type: "end", index: 0, stopReason: "length" },
  ]);
});

test.each<[string, string, unknown, object]>([
  ["garbage between the chunks", "text/event-stream", "data: }{\n\n", { code: "unusable_answer" }],
  ["a page", "text/html", "<html></html>", { code: "unusable_answer" }],
  ["an empty answer", "application/json", "{}", { code: "unusable_answer" }],
  ["a line without an end", "text/event-stream", "x".repeat(3e6), { code: "unusable_answer" }],
  [
    "an error instead of a stream",
    "application/json",
    '{"error":{"message":"no room"}}',
    { code: "upstream_failed", message: "no room" },
  ],
])("%s ends with an error", async (_, type, body, expected) => {
  const answer = (response: ServerResponse) =>
    void response.writeHead(200, { "content-type": type }).end(body);
  await expect(chat(answer)).rejects.toMatchObject(expected);
});

test("a stream that falls silent ends with a time-out", async () => {
  const events = readEvents(new ReadableStream(), {
    signal: new AbortController().signal,
    silenceMs: 20,
  });
  await expect(events.next()).rejects.toMatchObject({ code: "timeout" });
});

test("a connection that breaks in mid-stream is unreachable, an abort is the caller's reason", async () => {
  const begin = (response: ServerResponse) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write(`data: ${delta("a")}\n\n`);
  };
  const broken = chat((response) => {
    begin(response);
    setTimeout(() => response.destroy(), 20);
  });
  await expect(broken).rejects.toMatchObject({ code: "unreachable" });
  await upstream!.close();

  const stop = new AbortController();
  const aborted = chat(begin, stop.signal, () => stop.abort(new Error("enough")));
  await expect(aborted).rejects.toThrow("enough");
});

test("events survive any cut of their bytes and any kind of line end", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom("\n", "\r\n", "\r"),
      fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }),
      async (end, cuts) => {
        const text = `: hello${end}${end}data: 你好${end}id: 1${end}data:world${end}${end}${end}data: last${end}`;
        const bytes = new TextEncoder().encode(text);
        const body = new ReadableStream<Uint8Array>({
          start(controller) {
            let at = 0;
            for (let i = 0; at < bytes.length; i++) {
              const length = cuts[i % cuts.length] ?? 1;
              controller.enqueue(bytes.slice(at, at + length));
              at += length;
            }
            controller.close();
          },
        });
        const seen: string[] = [];
        for await (const data of readEvents(body, { signal: new AbortController().signal }))
          seen.push(data);
        expect(seen).toEqual(["你好\nworld", "last"]);
      },
    ),
  );
});
