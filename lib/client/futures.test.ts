import { expect, test } from "vitest";
import * as z from "zod/mini";
import type { Clock } from "@/lib/base/clock";
import { awaitFuture } from "./futures";
import { createTrainingApi } from "./training-api";
import { createTransport } from "./transport";

const RESULT = z.object({ loss: z.number() });

interface Scripted {
  status?: number;
  body?: unknown;
  headers?: Record<string, string>;
  /** How long the server holds the call. */
  tookMs?: number;
  isLost?: boolean;
}

/** Awaits a future of a server that answers as scripted, over and over with the last entry, on a clock that only moves by waits. */
function awaitScripted(script: Scripted[], signal = new AbortController().signal) {
  let now = 0;
  let looks = 0;
  const sleeps: number[] = [];
  const clock: Clock = {
    now: () => now,
    sleep: (ms) => {
      now += ms;
      sleeps.push(ms);
      return Promise.resolve();
    },
  };
  const fetch = () => {
    const answer = script[Math.min(looks, script.length - 1)] ?? {};
    looks += 1;
    now += answer.tookMs ?? 0;
    if (answer.isLost) return Promise.reject(new TypeError("fetch failed"));
    const body = typeof answer.body === "string" ? answer.body : JSON.stringify(answer.body);
    return Promise.resolve(
      new Response(body, { status: answer.status ?? 200, headers: answer.headers ?? {} }),
    );
  };
  const states: (string | null)[] = [];
  const api = createTrainingApi(createTransport({ baseUrl: "http://server", fetch }));
  const result = awaitFuture(api, "req_1", RESULT, {
    clock,
    signal,
    onPending: (state) => states.push(state),
  });
  return { result, sleeps, states, looks: () => looks };
}

const DONE: Scripted = { body: { loss: 1 } };
const SILENT: Scripted = { body: { type: "try_again" }, tookMs: 30_000 };

test("polls until the result is there and tells the queue's state", async () => {
  const pending = { body: { type: "try_again", queue_state: "active" }, tookMs: 30_000 };
  const { result, states } = awaitScripted([pending, pending, DONE]);
  expect(await result).toEqual({ loss: 1 });
  expect(states).toEqual(["active", "active"]);
});

test.each<[string, Scripted]>([
  ["a broken connection", { isLost: true }],
  ["a proxy that gave up waiting", { status: 504, body: "gateway timeout" }],
  ["a poll that timed out", { status: 408, body: "" }],
  [
    "the studio's own proxy without a server behind it",
    { status: 502, body: { code: "unreachable", message: "no", hint: null, notSent: true } },
  ],
])("polls again after %s", async (_, trouble) => {
  const { result, sleeps } = awaitScripted([trouble, trouble, trouble, DONE]);
  expect(await result).toEqual({ loss: 1 });
  expect(sleeps).toEqual([250, 500, 1000]);
});

test("a look that was held and ended with 408 is a pending answer, and no trouble", async () => {
  const held = { status: 408, body: "", tookMs: 60_000 };
  const { result, sleeps, states } = awaitScripted([held, held, DONE]);
  expect(await result).toEqual({ loss: 1 });
  expect(sleeps).toEqual([]);
  expect(states).toEqual([null, null]);
});

test("waits as long as a busy server asks", async () => {
  const { result, sleeps } = awaitScripted([
    { status: 429, body: "slow down", headers: { "retry-after": "7" } },
    DONE,
  ]);
  await result;
  expect(sleeps).toEqual([7000]);
});

test.each<[string, Scripted, string]>([
  [
    "Twinkle's traceback in a 200",
    {
      body: {
        error:
          "Traceback (most recent call last):\n  File x\nRuntimeError: Too big rank for lora: 33\n[twinkle] driver caller: y",
        category: "server",
      },
    },
    "RuntimeError: Too big rank for lora: 33",
  ],
  [
    "an error of several lines",
    {
      body: {
        error:
          "Traceback (most recent call last):\n  File x\npydantic_core.ValidationError: 1 validation error for Run\nuser_metadata.a\n  Input should be a valid string\n    For further information visit https://errors.pydantic.dev\n[twinkle] driver caller: y",
        category: "server",
      },
    },
    "pydantic_core.ValidationError: 1 validation error for Run user_metadata.a Input should be a valid string",
  ],
  ["a 400 with a detail", { status: 400, body: { detail: "bad rank" } }, "bad rank"],
  ["a 500 with plain text, again and again", { status: 500, body: "it broke" }, "it broke"],
])("takes %s as a failed future", async (_, answer, message) => {
  await expect(awaitScripted([answer]).result).rejects.toMatchObject({
    code: "future_failed",
    message,
  });
});

test.each([404, 410])("takes %i as a lost future", async (status) => {
  await expect(
    awaitScripted([{ status, body: { detail: "unknown" } }]).result,
  ).rejects.toMatchObject({ code: "future_lost" });
});

const ACTIVE = { body: { type: "try_again", queue_state: "active" }, tookMs: 30_000 };

test("gives up an id that loses its state where requests have one", async () => {
  const { result, looks } = awaitScripted([ACTIVE, SILENT]);
  await expect(result).rejects.toMatchObject({ code: "future_lost" });
  expect(looks()).toBe(3);
});

test("a queue state in between shows that the server knows the id", async () => {
  expect(await awaitScripted([SILENT, ACTIVE, SILENT, DONE]).result).toEqual({ loss: 1 });
});

test("a server that tells no states is waited for, however long the work takes", async () => {
  const silence = Array.from({ length: 20 }, () => SILENT);
  expect(await awaitScripted([...silence, DONE]).result).toEqual({ loss: 1 });
});

test("a result of another shape is unusable", async () => {
  await expect(awaitScripted([{ body: { loss: "low" } }]).result).rejects.toMatchObject({
    code: "unusable_answer",
  });
});

test("an aborted wait throws the signal's reason", async () => {
  const reason = new Error("enough");
  await expect(awaitScripted([SILENT], AbortSignal.abort(reason)).result).rejects.toBe(reason);
});
