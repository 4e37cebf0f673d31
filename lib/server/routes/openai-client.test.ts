import OpenAI from "openai";
import type { ChatCompletionCreateParams } from "openai/resources/chat/completions";
import { afterAll, beforeAll, expect, test } from "vitest";

import { ApiSession } from "../testing/api-session";
import { startTestServer, type TestServer } from "../testing/test-server";

type Params = Omit<ChatCompletionCreateParams, "stream"> & { adapter_uri?: string; top_k?: number };

let server: TestServer;
let client: OpenAI;
let trained: string;

beforeAll(async () => {
  server = await startTestServer();
  const api = new ApiSession(server.port);
  const model = await api.model();
  for (let i = 0; i < 80; i++) await api.step(model);
  const saved = await api.compute<{ path: string }>("save_weights", {
    ...{ model_id: model, path: "trained" },
  });
  trained = saved.path;
  client = new OpenAI({ baseURL: api.base, apiKey: "token-a", maxRetries: 0 });
});
afterAll(() => server.dispose());

const params = (extra: Partial<Params> = {}): Params => ({
  model: "test/tiny",
  messages: [{ role: "user", content: "ABC" }],
  max_tokens: 20,
  temperature: 1,
  seed: 5,
  adapter_uri: trained,
  ...extra,
});

const complete = (extra: Partial<Params> = {}) =>
  client.chat.completions.create({ ...params(extra), stream: false });

test("the client lists the served models", async () => {
  const ids: string[] = [];
  for await (const { id } of client.models.list()) ids.push(id);
  expect(ids).toEqual(["test/tiny"]);
});

test("a completion has its parts, the same for the same seed, and adapter_uri picks the weights", async () => {
  const first = await complete({ n: 3 });
  expect(first).toMatchObject({ object: "chat.completion", model: "test/tiny" });
  expect(first.choices.map(({ index }) => index)).toEqual([0, 1, 2]);
  expect(first.choices[0]?.message.role).toBe("assistant");
  expect(first.usage?.total_tokens).toBe(
    first.usage!.prompt_tokens + first.usage!.completion_tokens,
  );
  const contents = ({ choices }: typeof first) => choices.map(({ message }) => message.content);
  expect(contents(await complete({ n: 3 }))).toEqual(contents(first));
  expect(contents(await complete({ n: 3, seed: 6 }))).not.toEqual(contents(first));
  const { adapter_uri: _, ...base } = params({ n: 3 });
  const plain = await client.chat.completions.create({ ...base, stream: false });
  expect(contents(plain)).not.toEqual(contents(first));
});

test("a stream adds up to the whole answer and its usage", async () => {
  const request = params({ n: 2, logprobs: true });
  const whole = await client.chat.completions.create({ ...request, stream: false });
  const stream = client.chat.completions.stream({
    ...request,
    stream_options: { include_usage: true },
  });
  const streamed = await stream.finalChatCompletion();
  expect(streamed.choices.map(({ message }) => message.content)).toEqual(
    whole.choices.map(({ message }) => message.content),
  );
  expect(streamed.choices.map(({ finish_reason: reason }) => reason)).toEqual(
    whole.choices.map(({ finish_reason: reason }) => reason),
  );
  expect(streamed.usage).toEqual(whole.usage);
  expect(streamed.choices[0]?.logprobs?.content).toEqual(whole.choices[0]?.logprobs?.content);
});

test("a stream without usage ends with the reason", async () => {
  const stream = await client.chat.completions.create({ ...params(), stream: true });
  let last: OpenAI.ChatCompletionChunk | undefined;
  for await (const chunk of stream) {
    expect(chunk.object).toBe("chat.completion.chunk");
    expect(chunk).not.toHaveProperty("usage");
    last = chunk;
  }
  expect(last?.choices[0]?.finish_reason).toMatch(/^(stop|length)$/);
});

test("stop strings end an answer and do not show; limits say so", async () => {
  const free = await complete({ temperature: 0 });
  const text = free.choices[0]?.message.content ?? "";
  expect(free.choices[0]?.finish_reason).toBe("length");
  const end = text.slice(3, 5);
  for (const stop of [end, ["never", end]]) {
    const { choices } = await complete({ temperature: 0, stop });
    expect(choices[0]?.finish_reason).toBe("stop");
    expect(choices[0]?.message.content).toBe(text.slice(0, text.indexOf(end)));
  }
});

test("log probabilities come with each token", async () => {
  const { choices, usage } = await complete({ logprobs: true, temperature: 0 });
  const content = choices[0]?.logprobs?.content ?? [];
  expect(content).toHaveLength(usage!.completion_tokens);
  for (const { token, bytes, logprob } of content) {
    expect(new TextDecoder().decode(Uint8Array.from(bytes!))).toBe(token);
    expect(logprob).toBeLessThanOrEqual(0);
  }
});

test("leaving a stream early ends it on the server too", async () => {
  const request = { ...params({ n: 8, max_tokens: 100 }), stream: true } as const;
  const stream = await client.chat.completions.create(request);
  for await (const chunk of stream) {
    expect(chunk.choices).toHaveLength(1);
    break;
  }
  expect((await complete()).choices).toHaveLength(1);
});

test("a failure is an error of the client with the server's sentence", async () => {
  await expect(complete({ model: "no/such" })).rejects.toThrow(/404.*not served here/);
  await expect(complete({ n: 100 })).rejects.toThrow(/400.*at most 32/);
  await expect(complete({ top_logprobs: 3, logprobs: true })).rejects.toThrow(/400.*top_logprobs/);
});
