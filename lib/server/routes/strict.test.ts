import { afterAll, beforeAll, expect, test } from "vitest";

import { ApiSession, aDatum, trainBody } from "../testing/api-session";
import { startTestServer, type TestServer } from "../testing/test-server";
import { TINY_CONTEXT, TINY_VOCAB } from "../testing/tiny-model";

const AT_ONCE_MS = 1000;

let server: TestServer;
let api: ApiSession;
/** Somebody else, whom nothing below may harm. */
let other: ApiSession;
let id: string;
let otherId: string;
let saved: string;

beforeAll(async () => {
  server = await startTestServer({ maxQueue: 8 });
  api = new ApiSession(server.port, "token-a");
  other = new ApiSession(server.port, "token-b");
  [id, otherId] = [await api.model(), await other.model()];
  await other.step(otherId);
  ({ path: saved } = await other.compute<{ path: string }>("save_weights", {
    ...{ model_id: otherId, path: "mine" },
  }));
});
afterAll(() => server.dispose());

type Row = Record<string, unknown>;
const batch = (rows: Row[], extra: Row = {}) =>
  trainBody(id, { forward_backward_input: { data: rows, loss_fn: "cross_entropy", ...extra } });
const row = (change: Row, tokens = [1, 2, 3]): Row => ({
  model_input: { chunks: [{ type: "encoded_text", tokens }] },
  loss_fn_inputs: { target_tokens: [2, 3, 4], weights: [1, 1, 1], ...change },
});
const adam = (change: Row) => ({ model_id: id, adam_params: { learning_rate: 0.1, ...change } });
const create = (change: Row) => ({
  ...{ session_id: "none", model_seq_id: 0, base_model: "test/tiny", lora_config: { rank: 4 } },
  ...change,
});
const sample = (change: Row, params: Row = {}) => ({
  prompt: { chunks: [{ type: "encoded_text", tokens: [1] }] },
  ...{ base_model: "test/tiny", sampling_params: { max_tokens: 2, ...params }, ...change },
});
const prompt = (tokens: number[]) => ({ prompt: { chunks: [{ tokens }] } });
const chat = (change: Row) => ({
  model: "test/tiny",
  ...{ messages: [{ role: "user", content: "hello" }], max_tokens: 2, ...change },
});
/** JSON that JavaScript would not write: numbers beyond a float, and none at all. */
const raw = (body: unknown, number: string) => JSON.stringify(body).replace('"X"', number);

const refused: [what: string, path: string, body: () => unknown, status: number][] = [
  [
    "a token beyond the vocabulary",
    "forward_backward",
    () => batch([row({}, [1, 2, TINY_VOCAB])]),
    400,
  ],
  ["a negative token", "forward_backward", () => batch([row({}, [1, 2, -1])]), 400],
  ["a token that is not whole", "forward_backward", () => batch([row({}, [1, 2, 0.5])]), 400],
  [
    "a target beyond the vocabulary",
    "forward_backward",
    () => batch([row({ target_tokens: [1, 2, TINY_VOCAB] })]),
    400,
  ],
  ["lengths that disagree", "forward_backward", () => batch([row({ weights: [1, 1] })]), 400],
  [
    "targets of another length",
    "forward_backward",
    () => batch([row({ target_tokens: [1] })]),
    400,
  ],
  ["no targets", "forward_backward", () => batch([row({ target_tokens: undefined })]), 400],
  [
    "an infinite weight",
    "forward_backward",
    () => raw(batch([row({ weights: [1, "X", 1] })]), "1e400"),
    422,
  ],
  [
    "a weight beyond 32 bits",
    "forward_backward",
    () => batch([row({ weights: [1, 1e39, 1] })]),
    400,
  ],
  ["a weight that is null", "forward_backward", () => batch([row({ weights: [1, null, 1] })]), 400],
  [
    "NaN as a number",
    "forward_backward",
    () => raw(batch([row({ weights: [1, "X", 1] })]), "NaN"),
    422,
  ],
  ["a row without tokens", "forward_backward", () => batch([row({}, [])]), 400],
  ["a row beyond the context", "forward_backward", () => batch([aDatum(TINY_CONTEXT + 1)]), 400],
  ["an empty batch", "forward_backward", () => batch([]), 400],
  ["an unknown loss", "forward_backward", () => batch([aDatum()], { loss_fn: "magic" }), 400],
  [
    "a loss that needs more inputs",
    "forward_backward",
    () => batch([aDatum()], { loss_fn: "ppo" }),
    400,
  ],
  ["a model that never was", "forward_backward", () => trainBody("nobody"), 404],
  ["a foreign model", "forward_backward", () => trainBody(otherId), 404],
  ["a learning rate below 0", "optim_step", () => adam({ learning_rate: -1 }), 400],
  [
    "an infinite learning rate",
    "optim_step",
    () => raw(adam({ learning_rate: "X" }), "1e999"),
    422,
  ],
  ["a beta of 1", "optim_step", () => adam({ beta1: 1 }), 400],
  ["an eps of 0", "optim_step", () => adam({ eps: 0 }), 400],
  ["a foreign model's step", "optim_step", () => ({ ...adam({}), model_id: otherId }), 404],
  ["a session that never was", "create_model", () => create({}), 404],
  ["a foreign model's facts", "get_info", () => ({ model_id: otherId }), 404],
  ["a foreign model's end", "unload_model", () => ({ model_id: otherId }), 404],
  ["a foreign model's save", "save_weights", () => ({ model_id: otherId, path: "x" }), 404],
  ["a foreign model's sampler", "save_weights_for_sampler", () => ({ model_id: otherId }), 404],
  ["a foreign checkpoint's facts", "weights_info", () => ({ tinker_path: saved }), 404],
  ["a foreign checkpoint to sample from", "asample", () => sample({ model_path: saved }), 404],
  [
    "a foreign checkpoint to chat with",
    "chat/completions",
    () => chat({ adapter_uri: saved }),
    404,
  ],
  ["an unknown model to sample from", "asample", () => sample({ base_model: "a/b" }), 404],
  ["an unknown model to chat with", "chat/completions", () => chat({ model: "a/b" }), 404],
  ["an empty prompt", "asample", () => sample(prompt([])), 400],
  ["a prompt beyond the vocabulary", "asample", () => sample(prompt([TINY_VOCAB])), 400],
  [
    "a prompt beyond the context",
    "asample",
    () => sample(prompt(Array<number>(TINY_CONTEXT + 1).fill(1))),
    400,
  ],
  ["no answers", "asample", () => sample({ num_samples: 0 }), 400],
  ["too many answers", "asample", () => sample({ num_samples: 10_000 }), 400],
  ["a temperature below 0", "asample", () => sample({}, { temperature: -1 }), 400],
  ["a top_p of 0", "asample", () => sample({}, { top_p: 0 }), 400],
  ["a top_k that is not whole", "asample", () => sample({}, { top_k: 1.5 }), 400],
  ["max_tokens below 0", "asample", () => sample({}, { max_tokens: -1 }), 400],
  [
    "a sampling session that never was",
    "asample",
    () => sample({ sampling_session_id: "none" }),
    404,
  ],
  ["a result that never was", "retrieve_future", () => ({ request_id: "req_none" }), 410],
  ["a path that climbs", "weights_info", () => ({ tinker_path: "twinkle://../weights/x" }), 404],
  [
    "a path that climbs inside",
    "weights_info",
    () => ({ tinker_path: `twinkle://${id}/weights/../../x` }),
    404,
  ],
  ["a path with NUL", "weights_info", () => ({ tinker_path: `twinkle://${id}/weights/a\0b` }), 404],
  [
    "a path in another form",
    "load_weights",
    () => ({ model_id: id, path: "/etc/passwd", optimizer: false }),
    400,
  ],
];

async function expectUnharmed(): Promise<void> {
  expect(await other.step(otherId)).toBeGreaterThan(0);
}

test.each(refused)("%s is refused at once and harms nobody", async (_, path, body, status) => {
  const startedAt = performance.now();
  const value = body();
  const answer = await api.call<{ detail?: string; error?: { message: string } }>(
    "POST",
    path,
    typeof value === "string" ? value : JSON.stringify(value),
  );
  expect(performance.now() - startedAt).toBeLessThan(AT_ONCE_MS);
  expect(answer.status).toBe(status);
  const { body: said } = answer;
  expect(path === "chat/completions" ? said.error?.message : said.detail).toMatch(/\w+/);
  await expectUnharmed();
});

test.each([0, -1, 1.5, 65, 1e9, 1e300])("rank %d is refused", async (rank) => {
  const session_id = await api.session();
  const answer = await api.post("create_model", create({ session_id, lora_config: { rank } }));
  expect(answer).toMatchObject({ status: 400, body: { detail: /lora_config\.rank is/ } });
});

test("metadata that is large or deep is refused", async () => {
  const session_id = await api.session();
  const deep = `${'{"a":'.repeat(20_000)}1${"}".repeat(20_000)}`;
  const body = JSON.stringify(create({ session_id, user_metadata: "X" })).replace('"X"', deep);
  expect(await api.call("POST", "create_model", body)).toMatchObject({ status: 400 });
  const large = create({ session_id, user_metadata: { text: "x".repeat(100_000) } });
  expect(await api.post("create_model", large)).toMatchObject({
    status: 400,
    body: { detail: expect.stringContaining("user_metadata") as string },
  });
  await expectUnharmed();
});

test("a foreign token sees no run, checkpoint, session, sampler or result, and can end none", async () => {
  const session = await other.session();
  const sampler = await other.post<{ sampling_session_id: string }>("create_sampling_session", {
    ...{ session_id: session, sampling_session_seq_id: 0, base_model: "test/tiny" },
  });
  const future = await other.post<{ request_id: string }>("save_weights", {
    ...{ model_id: otherId, path: "again" },
  });
  const run = `training_runs/${otherId}`;
  for (const path of [
    ...[run, `${run}/checkpoints`, `${run}/checkpoints/weights/mine/archive`],
    ...[`sessions/${session}`, `samplers/${sampler.body.sampling_session_id}`],
  ])
    expect((await api.get(path)).status, path).toBe(404);
  expect((await api.call("DELETE", `${run}/checkpoints/weights/mine`)).status).toBe(404);
  expect((await api.call("POST", `${run}/checkpoints/weights/mine/publish`)).status).toBe(404);
  const posts: [string, Row][] = [
    ["session_heartbeat", { session_id: session }],
    ["create_model", create({ session_id: session })],
    [
      "create_sampling_session",
      { session_id: session, sampling_session_seq_id: 0, base_model: "test/tiny" },
    ],
    ["asample", sample({ sampling_session_id: sampler.body.sampling_session_id })],
    ["retrieve_future", { request_id: future.body.request_id }],
  ];
  for (const [path, body] of posts) expect((await api.post(path, body)).status, path).toBe(404);
  const load = { model_id: id, path: saved, optimizer: false };
  expect(await api.compute("load_weights", load)).toMatchObject({ category: "user" });
  expect((await api.get<{ sessions: string[] }>("sessions")).body.sessions).not.toContain(session);
  await expectUnharmed();
});

test("a model's full queue is 429 with a time to wait, and others are served meanwhile", async () => {
  const long = Array.from({ length: 30 }, () => aDatum(TINY_CONTEXT));
  const send = async () => {
    const body = JSON.stringify(batch(long));
    const { base, headers } = api;
    const answer = await fetch(`${base}/forward_backward`, { method: "POST", headers, body });
    await answer.arrayBuffer();
    return [answer.status, answer.headers.get("retry-after")];
  };
  const sent = Promise.all(Array.from({ length: 40 }, send));
  await expectUnharmed();
  const answers = await sent;
  expect(answers).toContainEqual([200, null]);
  expect(answers).toContainEqual([429, "1"]);
});
