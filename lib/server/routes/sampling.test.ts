import { afterAll, beforeAll, expect, test } from "vitest";

import { ApiSession } from "../testing/api-session";
import { startTestServer, type TestServer } from "../testing/test-server";
import { IM_END, TINY_CONTEXT } from "../testing/tiny-model";

interface Sampled {
  sequences: { tokens: number[]; logprobs: number[]; stop_reason: string }[];
  prompt_logprobs: (number | null)[] | null;
  topk_prompt_logprobs: ([number, number][] | null)[] | null;
}

let server: TestServer;
let api: ApiSession;
let model: string;
let trained: string;

beforeAll(async () => {
  server = await startTestServer();
  api = new ApiSession(server.port);
  model = await api.model();
  for (let i = 0; i < 80; i++) await api.step(model);
  trained = (
    await api.compute<{ path: string }>("save_weights", { model_id: model, path: "trained" })
  ).path;
});
afterAll(() => server.dispose());

const sample = (params: Record<string, unknown>, body: Record<string, unknown> = {}) =>
  api.compute<Sampled>("asample", {
    prompt: { chunks: [{ tokens: [65, 66] }] },
    sampling_params: { max_tokens: 4, temperature: 0, ...params },
    base_model: "test/tiny",
    ...body,
  });

test("a checkpoint answers as it was trained, the base does not", async () => {
  const { sequences } = await sample({}, { model_path: trained });
  expect(sequences).toMatchObject([{ tokens: [67, 68, 69, 70], stop_reason: "length" }]);
  expect(sequences[0]?.logprobs).toHaveLength(4);
  expect((await sample({})).sequences[0]?.tokens).not.toEqual([67, 68, 69, 70]);
});

test("the same seed gives the same answers, and the answers of one call differ", async () => {
  const draw = () => sample({ temperature: 1, seed: 7, max_tokens: 12 }, { num_samples: 3 });
  const first = await draw();
  expect(await draw()).toEqual(first);
  expect(new Set(first.sequences.map(({ tokens }) => tokens.join())).size).toBe(3);
});

test("stop ids and stop strings end an answer and are part of its tokens", async () => {
  const byId = await sample({ stop: [69] }, { model_path: trained });
  expect(byId.sequences).toMatchObject([{ tokens: [67, 68, 69], stop_reason: "stop" }]);
  const atTheEnd = await sample({ stop: ["EF"] }, { model_path: trained });
  expect(atTheEnd.sequences).toMatchObject([{ tokens: [67, 68, 69, 70], stop_reason: "stop" }]);
  const byText = await sample({ stop: "DE" }, { model_path: trained });
  expect(byText.sequences).toMatchObject([{ tokens: [67, 68, 69], stop_reason: "stop" }]);
});

test("log probabilities of the prompt come when asked for", async () => {
  const { prompt_logprobs: logprobs } = await sample({}, { prompt_logprobs: true });
  expect(logprobs).toEqual([null, expect.any(Number)]);
});

test("the likeliest tokens of the prompt come when asked for, likeliest first", async () => {
  const asked = { topk_prompt_logprobs: 2, prompt_logprobs: true };
  const answer = await sample({}, { ...asked, prompt: { chunks: [{ tokens: [65, 66, 67] }] } });
  const [first, ...rest] = answer.topk_prompt_logprobs!;
  expect(first).toBeNull();
  expect(rest).toHaveLength(2);
  for (const [index, pairs] of rest.entries()) {
    const [best, second] = pairs!;
    expect(best![1]).toBeGreaterThanOrEqual(second![1]);
    expect(best![1]).toBeGreaterThanOrEqual(answer.prompt_logprobs![index + 1]!);
  }
  expect((await sample({})).topk_prompt_logprobs).toBeNull();
  expect((await sample({ max_tokens: null, seed: 1 })).sequences).toHaveLength(1);
});

test("an answer ends where the context ends, and a prompt that fills it is refused", async () => {
  const full = (length: number) => ({
    prompt: { chunks: [{ tokens: Array<number>(length).fill(65) }] },
  });
  const { sequences } = await sample(
    { max_tokens: 1000, temperature: 1, seed: 3 },
    full(TINY_CONTEXT - 4),
  );
  expect(sequences[0]?.tokens.length).toBeLessThanOrEqual(4);
  const body = { ...full(TINY_CONTEXT), sampling_params: {}, base_model: "test/tiny" };
  expect((await api.post("asample", body)).status).toBe(400);
});

test.each([
  [{ temperature: -1 }, "temperature is -1"],
  [{ top_p: 0 }, "top_p is 0"],
  [{ max_tokens: 1.5 }, "max_tokens is 1.5"],
  [{ seed: -3 }, "seed is -3"],
])("sampling with %j is refused", async (params, sentence) => {
  const body = {
    prompt: { chunks: [{ tokens: [1] }] },
    sampling_params: params,
    base_model: "test/tiny",
  };
  const { status, body: answer } = await api.post<{ detail: string }>("asample", body);
  expect([status, answer.detail]).toEqual([400, expect.stringContaining(sentence)]);
});

test("a sampling session stands for its checkpoint", async () => {
  const sessionId = await api.session();
  const { body } = await api.post<{ sampling_session_id: string }>("create_sampling_session", {
    ...{
      session_id: sessionId,
      sampling_session_seq_id: 0,
      base_model: "test/tiny",
      model_path: trained,
    },
  });
  const answer = await sample(
    {},
    { base_model: null, sampling_session_id: body.sampling_session_id },
  );
  expect(answer.sequences[0]?.tokens).toEqual([67, 68, 69, 70]);
  const saved = await api.compute<{ path: null; sampling_session_id: string }>(
    "save_weights_for_sampler",
    {
      ...{ model_id: model, sampling_session_seq_id: 1 },
    },
  );
  expect(saved.path).toBeNull();
  expect(
    await sample({}, { base_model: null, sampling_session_id: saved.sampling_session_id }),
  ).toEqual(answer);
  const unknown = {
    prompt: { chunks: [{ tokens: [1] }] },
    sampling_params: {},
    sampling_session_id: "sampling_x",
  };
  expect((await api.post("asample", unknown)).status).toBe(404);
});

const chat = (body: Record<string, unknown>) => ({
  ...{
    model: "test/tiny",
    messages: [{ role: "user", content: "ABC" }],
    temperature: 0,
    max_tokens: 8,
    adapter_uri: trained,
  },
  ...body,
});

interface Completion {
  choices: { index: number; message: { content: string }; finish_reason: string }[];
  usage: Record<string, number>;
}

test("a chat answer has OpenAI's shape and true token counts", async () => {
  const { status, body } = await api.post<Completion>(
    "chat/completions",
    chat({ n: 2, temperature: 1, seed: 5 }),
  );
  expect(status).toBe(200);
  expect(body).toMatchObject({ object: "chat.completion", model: "test/tiny" });
  expect(body.choices.map(({ index }) => index)).toEqual([0, 1]);
  expect(body.usage).toMatchObject({ prompt_tokens: "<|user\nABC|\n<|assistant\n".length - 2 });
});

test("a stream sends the same text in pieces, then the reason, then DONE", async () => {
  for (const options of [
    { n: 2, temperature: 1, seed: 5, max_tokens: 30 },
    { stop: ["x", "y"], max_tokens: 30 },
  ]) {
    const whole = await api.post<Completion>("chat/completions", chat(options));
    const response = await fetch(`${api.base}/chat/completions`, {
      method: "POST",
      headers: api.headers,
      body: JSON.stringify(chat({ ...options, stream: true })),
    });
    expect(response.headers.get("content-type")).toBe("text/event-stream; charset=utf-8");
    const lines = (await response.text()).split("\n\n").filter(Boolean);
    expect(lines.pop()).toBe("data: [DONE]");
    const texts: string[] = [];
    const reasons: string[] = [];
    for (const line of lines) {
      const chunk = JSON.parse(line.slice("data: ".length)) as {
        choices: [{ index: number; delta: { content?: string }; finish_reason: string | null }];
      };
      const [{ index, delta, finish_reason: reason }] = chunk.choices;
      texts[index] = (texts[index] ?? "") + (delta.content ?? "");
      if (reason) reasons[index] = reason;
    }
    expect(texts).toEqual(whole.body.choices.map(({ message }) => message.content));
    expect(reasons).toEqual(whole.body.choices.map(({ finish_reason: reason }) => reason));
  }
});

test("an end token ends an answer and does not show", async () => {
  const { body } = await api.post<Completion>(
    "chat/completions",
    chat({ temperature: 5, seed: 1, n: 32, max_tokens: 90 }),
  );
  expect(body.choices.map((choice) => choice.finish_reason)).toContain("stop");
  expect(JSON.stringify(body)).not.toContain("im_end");
  expect(IM_END).toBe(257);
});

test.each([
  [{ model: "no/such", adapter_uri: null }, 404, "not served here"],
  [{ adapter_uri: "twinkle://no/weights/x" }, 404, "does not exist"],
  [{ messages: undefined }, 422, "messages"],
  [{ messages: [{ role: "user", content: "x".repeat(200) }] }, 400, "context"],
  [{ n: 100 }, 400, "at most 32"],
])("a chat with %j fails in OpenAI's shape", async (body, status, sentence) => {
  const answer = await api.post<{ error: { message: string; type: string } }>(
    "chat/completions",
    chat(body),
  );
  expect(answer.status).toBe(status);
  expect(answer.body.error).toEqual({
    message: expect.stringContaining(sentence) as string,
    type: "invalid_request_error",
  });
});

test("a client that leaves ends its stream and the server goes on", async () => {
  const leave = new AbortController();
  const response = await fetch(`${api.base}/chat/completions`, {
    method: "POST",
    headers: api.headers,
    body: JSON.stringify(chat({ stream: true, max_tokens: 100 })),
    signal: leave.signal,
  });
  await response.body?.getReader().read();
  leave.abort();
  expect((await sample({})).sequences).toHaveLength(1);
});
