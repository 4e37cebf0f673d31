import type { IncomingMessage, ServerResponse } from "node:http";
import { afterEach, describe, expect, test } from "vitest";
import type * as z from "zod/mini";
import { sampleResult } from "@/lib/protocol/sampling";
import { createModelResult, forwardResult, optimStepResult } from "@/lib/protocol/training";
import { loadWeightsResult, saveWeightsResult } from "@/lib/protocol/weights";
import { createFastClock } from "@/lib/testing/fast-clock";
import { scriptedUpstream, sendJson, type ScriptedUpstream } from "@/lib/testing/scripted-upstream";
import { awaitFuture } from "./futures";
import { sendSample } from "./send-sample";
import { createTrainingApi, type TrainingApi } from "./training-api";
import { createTransport, wasNotSent } from "./transport";

/* Differences between servers that speak this API, each as it was seen on one of them. */

const signal = new AbortController().signal;
let upstream: ScriptedUpstream | undefined;
afterEach(async () => {
  await upstream?.close();
  upstream = undefined;
});

async function apiOf(
  script: (response: ServerResponse, count: number, request: IncomingMessage) => void,
): Promise<TrainingApi> {
  let count = 0;
  upstream = await scriptedUpstream((request, response) => script(response, count++, request));
  return createTrainingApi(createTransport({ baseUrl: upstream.url, fetch }));
}

async function resultOf<Result>(
  result: z.ZodMiniType<Result>,
  script: (response: ServerResponse, count: number) => void,
): Promise<Result> {
  const api = await apiOf(script);
  return awaitFuture(api, "q", result, { clock: createFastClock(), signal });
}

const answering = (body: unknown, status = 200) => {
  return (response: ServerResponse) => sendJson(response, body, status);
};
const plain = (status: number, body: string) => (response: ServerResponse) =>
  void response.writeHead(status, { "content-type": "text/plain" }).end(body);

describe("a failed future", () => {
  test.each<[string, (response: ServerResponse) => void, string]>([
    ["200 with error and category", answering({ error: "bad", category: "User" }), "bad"],
    ["400 with a detail", answering({ detail: "bad" }, 400), "bad"],
    ["500 with plain text", plain(500, "bad"), "bad"],
    [
      "a traceback of Python",
      answering({
        error:
          "Traceback (most recent call last):\n  File x\nValueError: bad\n[twinkle] driver caller: y",
        category: "server",
      }),
      "ValueError: bad",
    ],
  ])("comes as %s", async (_, script, message) => {
    await expect(resultOf(createModelResult, script)).rejects.toMatchObject({
      code: "future_failed",
      message,
    });
  });
});

describe("a pending future", () => {
  test.each<[string, (response: ServerResponse) => void]>([
    ["try_again with a state", answering({ type: "try_again", queue_state: "active" })],
    [
      "try_again with a reason and more",
      answering({
        type: "try_again",
        queue_state: "paused_capacity",
        queue_state_reason: "full",
        request_id: "q",
      }),
    ],
    ["a held call that ends with 408", plain(408, "")],
    ["a proxy's 504", plain(504, "<html>timeout</html>")],
  ])("comes as %s", async (_, script) => {
    const result = await resultOf(createModelResult, (response, count) =>
      count < 2 ? script(response) : sendJson(response, { model_id: "m" }),
    );
    expect(result).toEqual({ modelId: "m" });
  });
});

test.each([
  [404, { detail: "Not Found" }],
  [405, { detail: "Method Not Allowed" }],
])("an absent route answers %i", async (status, body) => {
  const api = await apiOf(answering(body, status));
  await expect(api.capacity({ signal })).rejects.toMatchObject({ code: "not_found", status });
  await expect(api.publish("r", "weights/a", { signal })).rejects.toMatchObject({
    code: "not_found",
  });
});

test.each([
  ["by name alone", ["a/b", "c/d"]],
  ["with nulls beside the names", [{ model_name: "a/b", max_context_length: null }, "c/d"]],
])("models are listed %s", async (_, supported_models) => {
  const api = await apiOf(answering({ supported_models }));
  const { models } = await api.capabilities({ signal });
  expect(models.map(({ name }) => name)).toEqual(["a/b", "c/d"]);
});

test("a server without models says null", async () => {
  const api = await apiOf(answering({ supported_models: null }));
  expect((await api.capabilities({ signal })).models).toEqual([]);
});

test("a server that counts its requests is asked for them by their numbers", async () => {
  const api = await apiOf(answering({ request_id: 7 }));
  expect(await api.unloadModel("m", { signal })).toEqual({ requestId: "7", modelId: null });
});

test("a sampler that takes only sessions is asked through one", async () => {
  const api = await apiOf((response, _, request) => {
    if (request.url?.endsWith("/create_session")) return sendJson(response, { session_id: "s" });
    if (request.url?.endsWith("/create_sampling_session"))
      return sendJson(response, { sampling_session_id: "x" });
    const isFirst = upstream?.seen.length === 1;
    if (isFirst)
      return sendJson(
        response,
        { detail: [{ loc: ["body", "sampling_session_id"], msg: "Field required" }] },
        422,
      );
    sendJson(response, { request_id: "q" });
  });
  const request = {
    prompt: { chunks: [] },
    sampling_params: { max_tokens: 1 },
    ...{ base_model: "m", model_path: "tinker://r/sampler_weights/a" },
  };
  expect(await sendSample(api, request, { signal })).toMatchObject({ requestId: "q" });
  expect(upstream?.seen.map(({ path }) => path)).toEqual([
    "/asample",
    "/create_session",
    "/create_sampling_session",
    "/asample",
  ]);
});

describe("results", () => {
  test.each([
    ["metrics empty", { metrics: {} }, {}],
    ["metrics null", { metrics: null }, {}],
    ["metrics missing", { type: "optim_step" }, {}],
    [
      "metrics of other names and types",
      { metrics: { "learning rate(param group 1)": 0.1, note: "x", skipped: null } },
      { "learning rate(param group 1)": 0.1 },
    ],
  ])("optim_step with %s", async (_, body, metrics) => {
    expect(await resultOf(optimStepResult, answering(body))).toEqual({ metrics });
  });

  test.each<[string, unknown, (number[] | null)[]]>([
    ["null inside numbers", [{ logprobs: { data: [-1, null] } }], [[-1, NaN]]],
    ["dtype and shape null", [{ logprobs: { data: [-1], dtype: null, shape: null } }], [[-1]]],
    ["bare numbers", [{ logprobs: [-1, -2] }], [[-1, -2]]],
    ["no logprobs", [{}, { logprobs: null }], [null, null]],
    ["one logprob a row", [{ logprobs: { data: [-1], shape: [] } }], [[-1]]],
    ["no outputs", null, []],
  ])("forward with %s", async (_, outputs, expected) => {
    const { logprobs } = await resultOf(forwardResult, answering({ loss_fn_outputs: outputs }));
    expect(logprobs.map((row) => row && Array.from(row))).toEqual(expected);
  });

  test("NaN and Infinity as Python writes them, which JSON has not", async () => {
    const body =
      '{"loss_fn_outputs": [{"logprobs": {"data": [NaN, -1.5, -Infinity]}}], "metrics": {"NaN": Infinity, "a": "is NaN"}}';
    const { logprobs, metrics } = await resultOf(
      forwardResult,
      (response) => void response.writeHead(200, { "content-type": "application/json" }).end(body),
    );
    expect(Array.from(logprobs[0] ?? [])).toEqual([NaN, -1.5, NaN]);
    expect(metrics).toEqual({});
  });

  test.each([
    ["of length n", [null, -1, -2]],
    ["of length n-1", [-1, -2]],
    ["null", null],
  ])("prompt logprobs %s", async (_, prompt_logprobs) => {
    const body = { sequences: [{ tokens: [1], stop_reason: "eos" }], prompt_logprobs };
    expect(await resultOf(sampleResult, answering(body))).toEqual({
      sequences: [{ tokens: [1], logprobs: null, stopReason: "stop" }],
      promptLogprobs: prompt_logprobs,
    });
  });

  test.each(["twinkle://r/weights/a", "tinker://r/weights/a", "/data/a"])(
    "a path is opaque: %s",
    async (path) => {
      expect(await resultOf(saveWeightsResult, answering({ path, type: null }))).toEqual({ path });
      await upstream?.close();
      expect(await resultOf(loadWeightsResult, answering({ path }))).toMatchObject({ path });
    },
  );
});

test("a save whose result has no path is told as what it is", async () => {
  const api = await apiOf(answering({ type: "save_weights" }));
  const options = { clock: createFastClock(), signal, call: "save_weights" };
  await expect(awaitFuture(api, "q", saveWeightsResult, options)).rejects.toMatchObject({
    code: "unusable_answer",
    message:
      "save_weights: path: the server has saved, but does not say where; the weights may stand in its list of checkpoints",
  });
});

test("a failure that comes at once is that of the future", async () => {
  const api = await apiOf(answering({ error: "Rate limit exceeded", category: "User" }));
  const { requestId } = await api.unloadModel("m", { signal });
  const options = { clock: createFastClock(), signal };
  await expect(awaitFuture(api, requestId, saveWeightsResult, options)).rejects.toMatchObject({
    code: "future_failed",
    message: "Rate limit exceeded",
  });
});

test("runs with null for nearly everything are listed", async () => {
  const api = await apiOf(
    answering({
      training_runs: [
        {
          training_run_id: "r",
          base_model: null,
          lora_rank: null,
          corrupted: null,
          last_request_time: null,
          last_checkpoint: null,
          user_metadata: null,
        },
        { training_run_id: "s", user_metadata: "not an object", lora_rank: "8" },
      ],
      cursor: null,
    }),
  );
  const { runs, totalCount } = await api.trainingRuns({ limit: 2, offset: 0 }, { signal });
  expect(totalCount).toBeNull();
  expect(runs).toMatchObject([
    { id: "r", baseModel: null, userMetadata: {} },
    { id: "s", loraRank: null, userMetadata: {} },
  ]);
});

test("checkpoints are named with their folder or without, and listed once", async () => {
  const entry = (checkpoint_id: string, checkpoint_type: string | null) => ({
    checkpoint_id,
    checkpoint_type,
    tinker_path: `tinker://r/${checkpoint_id}`,
  });
  const api = await apiOf((response, _, request) => {
    if (request.method === "DELETE") return sendJson(response, null);
    sendJson(response, {
      checkpoints: [
        entry("weights/a", "training"),
        entry("b", "training"),
        entry("c", "sampler"),
        entry("sampler_weights/latest", null),
        entry("sampler_weights/latest", null),
      ],
      cursor: null,
    });
  });
  const listed = await api.checkpoints("r", { signal });
  expect(listed.map(({ id, kind }) => [id, kind])).toEqual([
    ["weights/a", "training"],
    ["weights/b", "training"],
    ["sampler_weights/c", "sampler"],
    ["sampler_weights/latest", "sampler"],
  ]);
  await api.deleteCheckpoint("r", "weights/b", { signal });
  expect(upstream?.seen.at(-1)).toMatchObject({
    method: "DELETE",
    path: "/training_runs/r/checkpoints/weights/b",
  });
});

test("a model that is accepted at once may fail only in its future", async () => {
  const api = await apiOf((response, count) =>
    count === 0
      ? sendJson(response, { request_id: "q", model_id: null })
      : sendJson(response, {
          error: "RuntimeError: Too big rank for lora: 33",
          category: "server",
        }),
  );
  const request = { session_id: "s", model_seq_id: 0, base_model: "m", lora_config: { rank: 33 } };
  const { requestId } = await api.createModel(request, { signal });
  await expect(
    awaitFuture(api, requestId, createModelResult, { clock: createFastClock(), signal }),
  ).rejects.toMatchObject({
    code: "future_failed",
    message: expect.stringContaining("rank") as unknown,
  });
});

test.each([
  ["409 for a name that is taken", 409, { detail: "exists" }, "conflict"],
  [
    "400 for sampling a training checkpoint",
    400,
    { detail: "save for the sampler" },
    "bad_request",
  ],
  [
    "422 for a field that it does not know",
    422,
    { detail: [{ loc: ["body", "loss_fn_config"], msg: "Extra inputs are not permitted" }] },
    "bad_request",
  ],
])("%s is told in the server's words", async (_, status, body, code) => {
  const api = await apiOf(answering(body, status));
  const error = await api
    .saveWeights({ model_id: "m", path: "a" }, { signal })
    .catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code, status });
  expect(wasNotSent(error)).toBe(false);
});

test("a server that closes idle connections is reached anew", async () => {
  const api = await apiOf((response) => {
    response.setHeader("connection", "keep-alive");
    response.on("finish", () => setTimeout(() => response.socket?.destroy(), 5));
    sendJson(response, { session_id: "s" });
  });
  for (let call = 0; call < 4; call++) {
    await api.createSession({ tags: [], user_metadata: null, sdk_version: "x" }, { signal });
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  expect(upstream?.seen).toHaveLength(4);
});
