import { expect, test } from "vitest";
import * as z from "zod/mini";
import { createTrainingApi } from "./training-api";
import { createTransport, wasNotSent } from "./transport";

const signal = new AbortController().signal;

function answering(status: number, body: string, headers: Record<string, string> = {}) {
  return createTransport({
    baseUrl: "http://server/api/v1",
    fetch: () => Promise.resolve(new Response(body, { status, headers })),
  });
}

function refusalOf(status: number, body: string): Promise<unknown> {
  const call = { method: "POST" as const, path: "optim_step", body: {}, answer: z.unknown() };
  return answering(status, body)
    .call(call, { signal })
    .catch((error: unknown) => error);
}

test.each([
  [401, '{"detail":"bad token"}', { code: "unauthorized", message: "bad token", status: 401 }],
  [404, '{"detail":"Model m1 not found"}', { code: "model_gone" }],
  [404, '{"detail":"Not Found"}', { code: "not_found" }],
  [
    422,
    '{"detail":[{"loc":["body","x"],"msg":"Extra inputs are not permitted"}]}',
    { code: "bad_request", message: "x: Extra inputs are not permitted" },
  ],
  [429, "slow down", { code: "rate_limited", retryable: true }],
  [
    500,
    '{"detail":"Traceback (most recent call last):\\nValueError: no"}',
    { code: "upstream_failed", message: "ValueError: no" },
  ],
  [
    502,
    '{"code":"unreachable","message":"The server is down.","hint":"Start it."}',
    { code: "unreachable", message: "The server is down.", details: { hint: "Start it." } },
  ],
])("HTTP %i %s becomes one sentence with a code", async (status, body, expected) => {
  expect(await refusalOf(status, body)).toMatchObject(expected);
});

test.each([
  [429, "slow down", true],
  [502, '{"code":"unreachable","message":"x","hint":null,"notSent":true}', true],
  [502, '{"code":"unreachable","message":"x","hint":null}', false],
  [500, "it broke", false],
])("after HTTP %i %s sending again is harmless: %s", async (status, body, expected) => {
  expect(wasNotSent(await refusalOf(status, body))).toBe(expected);
});

test("a connection that breaks may have carried the call; one that was refused did not", async () => {
  const failing = (cause: unknown) =>
    createTransport({
      baseUrl: "http://x",
      fetch: () => Promise.reject(new TypeError("fetch failed", { cause })),
    })
      .call({ method: "POST", path: "p", answer: z.unknown() }, { signal })
      .catch((error: unknown) => error);
  const broken = await failing(new Error("other side closed"));
  const refused = await failing(Object.assign(new Error("connect"), { code: "ECONNREFUSED" }));
  expect([broken, refused]).toMatchObject([{ code: "unreachable" }, { code: "unreachable" }]);
  expect([wasNotSent(broken), wasNotSent(refused)]).toEqual([false, true]);
});

test("an HTML page instead of JSON is unusable", async () => {
  const api = createTrainingApi(answering(200, "<html>hello</html>"));
  await expect(api.capabilities({ signal })).rejects.toMatchObject({ code: "unusable_answer" });
});

test("a server that says nothing runs into the time limit", async () => {
  const silent = createTransport({
    baseUrl: "http://x",
    fetch: (_, init) =>
      new Promise((_resolve, reject) =>
        init?.signal?.addEventListener("abort", () => reject(init.signal?.reason as Error)),
      ),
  });
  const call = { method: "GET" as const, path: "healthz", answer: z.unknown() };
  await expect(silent.call(call, { signal, timeoutMs: 5 })).rejects.toMatchObject({
    code: "timeout",
  });
  const aborted = new AbortController();
  const waiting = silent.call(call, { signal: aborted.signal });
  aborted.abort(new Error("enough"));
  await expect(waiting).rejects.toThrow("enough");
});

test("a checkpoint id without its folder is never sent, because a server takes it for all", async () => {
  const api = createTrainingApi(answering(200, "null"));
  for (const id of ["weights", "a", "weights/", "weights/a/b", "../x"]) {
    await expect(api.deleteCheckpoint("run", id, { signal })).rejects.toMatchObject({
      code: "bad_request",
    });
  }
  await expect(api.deleteCheckpoint("run", "weights/a", { signal })).resolves.toBeNull();
});

test("a path that a server would look for on a hub is never sent to be loaded or looked up", async () => {
  const api = createTrainingApi(answering(200, `{"request_id":"f"}`));
  const load = (path: string) =>
    api.loadWeights({ model_id: "m", path, optimizer: false }, { signal });
  for (const path of ["Qwen/Qwen3-4B", "ms://Qwen/Qwen3-4B", "/data/weights", "twinkle://run"]) {
    await expect(load(path)).rejects.toMatchObject({ code: "bad_path" });
    await expect(api.weightsInfo(path, { signal })).rejects.toMatchObject({ code: "bad_path" });
  }
  await expect(load("tinker://run/weights/a")).resolves.toMatchObject({ requestId: "f" });
});
