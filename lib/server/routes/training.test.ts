import { afterAll, beforeAll, expect, test } from "vitest";

import { int64Tensor, float32Tensor } from "@/lib/protocol/tensors";

import { aDatum, ApiSession, trainBody } from "../testing/api-session";
import { startTestServer, type TestServer } from "../testing/test-server";
import { TINY_CONTEXT, TINY_VOCAB } from "../testing/tiny-model";

let server: TestServer;
let api: ApiSession;
let model: string;

beforeAll(async () => {
  server = await startTestServer({ maxLoras: 8 });
  api = new ApiSession(server.port);
  model = await api.model();
});
afterAll(() => server.dispose());

const row = (change: Record<string, unknown>) => {
  const datum = aDatum() as { loss_fn_inputs: Record<string, unknown> };
  return { ...datum, loss_fn_inputs: { ...datum.loss_fn_inputs, ...change } };
};
const input = (data: unknown[], loss = "cross_entropy") => ({ data, loss_fn: loss });

test("training lowers the loss and reports every metric", async () => {
  const first = await api.step(model);
  for (let i = 0; i < 8; i++) await api.step(model);
  const result = await api.compute<{
    loss_fn_outputs: Record<string, { data: number[]; shape: number[] }>[];
  }>("forward_backward", trainBody(model));
  expect(result).toMatchObject({ loss_fn_output_type: "CrossEntropyLossReturn" });
  expect(result.loss_fn_outputs).toHaveLength(2);
  const [output] = result.loss_fn_outputs;
  expect(output?.["logprobs"]?.shape).toEqual([8]);
  expect(output?.["elementwise_loss"]?.data).toEqual(
    output?.["logprobs"]?.data.map((logprob) => -logprob),
  );
  const step = await api.compute<{ metrics: Record<string, number> }>("optim_step", {
    model_id: model,
    adam_params: { learning_rate: 0.01 },
  });
  expect(step.metrics).toMatchObject({ "learning rate(param group 1)": 0.01, iters: 10 });
  expect(step.metrics["loss"]).toBeLessThan(first);
  expect(step.metrics["grad_norm"]).toBeGreaterThan(0);
});

test("forward agrees with forward_backward and leaves no gradient", async () => {
  const id = await api.model();
  const forward = await api.compute("forward", {
    model_id: id,
    forward_input: input([aDatum(), aDatum(5)]),
  });
  expect(await api.compute("forward_backward", trainBody(id))).toEqual(forward);
  await api.compute("optim_step", { model_id: id, adam_params: {} });
  await api.compute("forward", { model_id: id, forward_input: input([aDatum()]) });
  expect(await api.compute("optim_step", { model_id: id, adam_params: {} })).toMatchObject({
    category: "user",
    error: expect.stringContaining("No accumulated gradients") as string,
  });
  await api.compute("unload_model", { model_id: id });
});

test("forward without any weight gives every position's probability and no loss", async () => {
  const forward = (...data: unknown[]) =>
    api.compute<{ loss_fn_outputs: Record<string, unknown>[]; metrics: object }>("forward", {
      model_id: model,
      forward_input: input(data),
    });
  const weighted = await forward(aDatum());
  const weightless = await forward(row({ weights: float32Tensor(Array(8).fill(0)) }));
  expect(weightless.loss_fn_outputs[0]?.["logprobs"]).toEqual(
    weighted.loss_fn_outputs[0]?.["logprobs"],
  );
  expect(weightless.metrics).toEqual({ "loss:avg": 0 });
});

test("forward without the adapter gives the base model's probabilities", async () => {
  const plain = { ...input([aDatum()]), loss_fn_config: { disable_lora: true } };
  const base = await api.compute("forward", { model_id: model, forward_input: plain });
  const fresh = await api.model();
  expect(
    await api.compute("forward", { model_id: fresh, forward_input: input([aDatum()]) }),
  ).toEqual(base);
  await api.compute("unload_model", { model_id: fresh });
});

test("pairs with reference probabilities train a preference, as Twinkle's clients ask for it", async () => {
  const id = await api.model();
  const pair = [aDatum(8), aDatum(5)] as { loss_fn_inputs: Record<string, unknown> }[];
  const reference = await api.compute<{ loss_fn_outputs: { logprobs: unknown }[] }>("forward", {
    model_id: id,
    // The Python SDK turns true into a number.
    forward_input: { ...input(pair), loss_fn_config: { disable_lora: 1.0 } },
  });
  const data = pair.map((datum, index) => ({
    ...datum,
    loss_fn_inputs: {
      ...datum.loss_fn_inputs,
      ref_logps: reference.loss_fn_outputs[index]?.logprobs,
    },
  }));
  const body = {
    model_id: id,
    forward_backward_input: {
      ...input(data, "importance_sampling"),
      loss_fn_config: { dpo_beta: 0.5, dpo_sft_weight: 0 },
    },
  };
  const step = () =>
    api.compute<{ metrics: Record<string, number> }>("optim_step", {
      model_id: id,
      adam_params: { learning_rate: 0.02 },
    });

  const first = await api.compute("forward_backward", body);
  expect(first).toMatchObject({
    loss_fn_output_type: "ImportanceSamplingLossReturn",
    metrics: { "loss:avg": expect.closeTo(Math.log(2), 5) as number },
  });
  expect((await step()).metrics).toMatchObject({ "rewards/margins": 0, "rewards/accuracies": 0 });
  for (let i = 0; i < 5; i++) {
    await api.compute("forward_backward", body);
    await step();
  }
  await api.compute("forward_backward", body);
  const { metrics } = await step();
  expect(metrics["loss"]).toBeLessThan(0.6);
  expect(metrics["rewards/accuracies"]).toBe(100);
  expect(metrics["rewards/margins"]).toBeCloseTo(
    (metrics["rewards/chosen"] ?? 0) - (metrics["rewards/rejected"] ?? 0),
    5,
  );
  expect(metrics["rewards/chosen"]).toBeCloseTo(
    0.5 * ((metrics["logps/chosen"] ?? 0) - (metrics["logps/ref_chosen"] ?? 0)),
    5,
  );
  await api.compute("unload_model", { model_id: id });
});

test("a negative weight makes its token less likely", async () => {
  const id = await api.model();
  const data = [row({ weights: float32Tensor([1, 1, 1, -0.5, 1, 1, 1, 1]) })];
  const logprobs: number[] = [];
  for (let i = 0; i < 4; i++) {
    const result = await api.compute<{ loss_fn_outputs: { logprobs: { data: number[] } }[] }>(
      "forward_backward",
      { model_id: id, forward_backward_input: input(data) },
    );
    logprobs.push(result.loss_fn_outputs[0]?.logprobs.data[3] ?? 0);
    await api.compute("optim_step", { model_id: id, adam_params: { learning_rate: 0.02 } });
  }
  expect(logprobs.at(-1)).toBeLessThan(logprobs[0]!);
  await api.compute("unload_model", { model_id: id });
});

test("requests of one model run in the order in which they arrive", async () => {
  const ids: string[] = [];
  for (let seq = 1; seq <= 6; seq += 2) {
    for (const [path, body] of [
      ["forward_backward", trainBody(model, { seq_id: seq })],
      ["optim_step", { model_id: model, seq_id: seq + 1, adam_params: { learning_rate: 0.01 } }],
    ] as const) {
      ids.push((await api.post<{ request_id: string }>(path, body)).body.request_id);
    }
  }
  const results = await Promise.all(
    ids.map((id) => api.result<{ metrics: Record<string, number> }>(id)),
  );
  const losses = results.flatMap(({ metrics }) => metrics["loss:avg"] ?? []);
  expect(losses).toEqual([...losses].sort((a, b) => b - a));
  expect(losses).toHaveLength(3);
});

test("a request sent again with its seq_id runs once, another body runs anew", async () => {
  const id = await api.model();
  const send = (body: unknown) =>
    api
      .post<{ request_id: string }>("forward_backward", body)
      .then(({ body: { request_id } }) => request_id);
  const first = await send(trainBody(id, { seq_id: 1 }));
  expect(await send(trainBody(id, { seq_id: 1 }))).toBe(first);
  expect(
    await send(trainBody(id, { seq_id: 1, forward_backward_input: input([aDatum(3)]) })),
  ).not.toBe(first);
  expect(await send(trainBody(id))).not.toBe(await send(trainBody(id)));
  await api.compute("unload_model", { model_id: id });
});

test.each([
  ["an empty batch", input([]), "batch is empty"],
  ["an unknown loss", input([aDatum()], "mse"), 'loss_fn "mse" is unknown'],
  [
    "a token outside the vocabulary",
    input([{ ...aDatum(1), model_input: { chunks: [{ tokens: [TINY_VOCAB] }] } }]),
    "token ids are whole numbers",
  ],
  [
    "a target outside the vocabulary",
    input([row({ target_tokens: int64Tensor(Array<number>(8).fill(-1)) })]),
    "target_tokens[0] is -1",
  ],
  ["no targets", input([row({ target_tokens: undefined })]), "target_tokens is missing"],
  [
    "lengths that disagree",
    input([row({ weights: float32Tensor([1, 1]) })]),
    "has 2 values for 8 tokens",
  ],
  [
    "weights that are no numbers",
    input([row({ weights: { data: Array<null>(8).fill(null) } })]),
    "is not a finite number",
  ],
  ["no tokens", input([{ model_input: { chunks: [] }, loss_fn_inputs: {} }]), "holds no tokens"],
  [
    "a row longer than the context",
    input([aDatum(TINY_CONTEXT + 1)]),
    `takes at most ${TINY_CONTEXT}`,
  ],
  ["a policy loss without advantages", input([aDatum()], "ppo"), "logprobs is missing"],
  [
    "half a pair",
    input([row({ ref_logps: float32Tensor(Array<number>(8).fill(-1)) })], "importance_sampling"),
    "are pairs, chosen then rejected",
  ],
  [
    "a pair with one reference",
    input(
      [row({ ref_logps: float32Tensor(Array<number>(8).fill(-1)) }), aDatum()],
      "importance_sampling",
    ),
    "data[1].loss_fn_inputs.ref_logps is missing",
  ],
  [
    "an unknown form of preference loss",
    { ...input([aDatum()]), loss_fn_config: { dpo_loss_type: "simpo" } },
    "dpo_loss_type must be one of sigmoid, hinge",
  ],
])("%s is refused at once and harms nobody", async (_what, forwardInput, sentence) => {
  const before = await api.compute("forward", {
    model_id: model,
    forward_input: input([aDatum()]),
  });
  const refused = await api.post<{ detail: string }>("forward_backward", {
    model_id: model,
    forward_backward_input: forwardInput,
  });
  expect(refused.status).toBe(400);
  expect(refused.body.detail).toContain(sentence);
  expect(
    await api.compute("forward", { model_id: model, forward_input: input([aDatum()]) }),
  ).toEqual(before);
});

test("too many tokens in one call are refused", async () => {
  const data = Array.from({ length: 130 }, () => ({
    ...aDatum(TINY_CONTEXT),
    model_input: { chunks: [{ tokens: Array<number>(TINY_CONTEXT).fill(1) }] },
  }));
  const { status, body } = await api.post<{ detail: string }>("forward", {
    model_id: model,
    forward_input: input(data),
  });
  expect([status, body.detail]).toEqual([400, expect.stringContaining("Input tokens")]);
});

test.each([
  [{ rank: 0 }, "lora_config.rank is 0"],
  [{ rank: -1 }, "lora_config.rank is -1"],
  [{ rank: 65 }, "from 1 to 64"],
  [{ rank: 2.5 }, "whole number"],
  [null, "lora_config is required"],
])("create_model with lora_config %j is refused", async (loraConfig, sentence) => {
  const sessionId = await api.session();
  const body = {
    session_id: sessionId,
    model_seq_id: 0,
    base_model: "test/tiny",
    lora_config: loraConfig,
  };
  const refused = await api.post<{ detail: string }>("create_model", body);
  expect([refused.status, refused.body.detail]).toEqual([400, expect.stringContaining(sentence)]);
});

test("an unknown base model or session is refused", async () => {
  const body = {
    session_id: await api.session(),
    model_seq_id: 0,
    base_model: "no/such",
    lora_config: { rank: 4 },
  };
  expect(await api.post("create_model", body)).toEqual({
    status: 400,
    body: { detail: "Base model 'no/such' is not supported. Supported models: test/tiny" },
  });
  const lost = await api.post("create_model", {
    ...body,
    base_model: "test/tiny",
    session_id: "session_x",
  });
  expect(lost).toEqual({ status: 404, body: { detail: "Unknown session" } });
});

test.each([
  ["learning_rate", -1],
  ["beta1", 1],
  ["eps", 0],
  ["weight_decay", -0.1],
  ["grad_clip_norm", -1],
])("optim_step with %s %d is refused", async (field, value) => {
  const refused = await api.post<{ detail: string }>("optim_step", {
    model_id: model,
    adam_params: { [field]: value },
  });
  expect([refused.status, refused.body.detail]).toEqual([
    400,
    expect.stringContaining(`adam_params.${field} is ${value}`),
  ]);
});

test("clipping keeps the reported norm", async () => {
  const id = await api.model();
  await api.compute("forward_backward", trainBody(id));
  const params = { learning_rate: 0.001, grad_clip_norm: 0.0001 };
  const { metrics } = await api.compute<{ metrics: Record<string, number> }>("optim_step", {
    model_id: id,
    adam_params: params,
  });
  expect(metrics["grad_norm"]).toBeGreaterThan(0.0001);
  await api.compute("unload_model", { model_id: id });
});

test("slots are counted, and the one too many fails with a sentence", async () => {
  const sessionId = await api.session();
  const free = (await api.get<{ free_loras: number }>("twinkle/capacity_info")).body.free_loras;
  const made: string[] = [];
  for (let i = 0; i < free; i++) made.push(await api.model({ sessionId }));
  expect((await api.get("twinkle/capacity_info")).body).toEqual({
    max_loras: 8,
    used_loras: 8,
    free_loras: 0,
  });
  const body = {
    session_id: sessionId,
    model_seq_id: 9,
    base_model: "test/tiny",
    lora_config: { rank: 4 },
  };
  expect(await api.compute("create_model", body)).toMatchObject({
    category: "server",
    error: expect.stringContaining("No lora available") as string,
  });
  const [id] = made;
  expect(await api.compute("unload_model", { model_id: id })).toEqual({ model_id: id, type: null });
  expect(await api.post("get_info", { model_id: id })).toEqual({
    status: 404,
    body: { detail: `Model ${id} not found` },
  });
  for (const model_id of made.slice(1)) await api.compute("unload_model", { model_id });
});

test("get_info describes a model", async () => {
  expect((await api.post("get_info", { model_id: model })).body).toMatchObject({
    model_id: model,
    is_lora: true,
    lora_rank: 4,
    model_name: "test/tiny",
  });
});
