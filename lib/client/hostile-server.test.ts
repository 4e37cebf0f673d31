import * as z from "zod/mini";
import { afterEach, describe, expect, test } from "vitest";
import { createFastClock } from "@/lib/testing/fast-clock";
import {
  cutOff,
  deadSocket,
  halved,
  hostileServer,
  html,
  huge,
  hungUp,
  late,
  refuses,
  says,
  twice,
  type HostileServer,
  type Trick,
} from "@/lib/testing/hostile-server";
import { apiOver } from "@/lib/testing/run-builders";
import { scriptedUpstream, type ScriptedUpstream } from "@/lib/testing/scripted-upstream";
import { createSessionAnswer } from "@/lib/protocol/sessions";
import { awaitFuture } from "./futures";
import { retryAfterMs } from "./retry-after";
import { createTransport } from "./transport";

const signal = new AbortController().signal;
const SESSION = { tags: [], user_metadata: null, sdk_version: "test" };
const MODEL = z.looseObject({ model_id: z.string() });
const servers: ScriptedUpstream[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function withTrick(path: string, trick: Trick, times = Infinity): Promise<HostileServer> {
  const server = await hostileServer((called, count) =>
    called === path && count < times ? { trick } : null,
  );
  servers.push(server);
  return server;
}

async function errorOf(trick: Trick): Promise<unknown> {
  const server = await withTrick("create_session", trick);
  return apiOver(fetch, server.url)
    .createSession(SESSION, { signal, timeoutMs: 1_000 })
    .catch((error: unknown) => error);
}

describe("one call", () => {
  test.each<[string, Trick, object]>([
    ["a silent server", () => undefined, { code: "timeout" }],
    ["a server that hangs up", hungUp, { code: "unreachable" }],
    ["an answer that is cut off in mid-body", cutOff, { code: "unreachable" }],
    [
      "JSON that ends half-way",
      halved,
      {
        code: "unusable_answer",
        message: expect.stringContaining("create_session: not JSON") as unknown,
      },
    ],
    [
      "an HTML page",
      html(),
      { code: "unusable_answer", message: "create_session: not JSON: Please sign in" },
    ],
    [
      "100 MB",
      huge(100),
      { code: "unusable_answer", message: "create_session: the answer is longer than 32 MB" },
    ],
    [
      "a wrong type",
      says({ session_id: 5 }),
      { code: "unusable_answer", message: "create_session: session_id: expected string" },
    ],
    ["null", says(null), { code: "unusable_answer" }],
    ["a list", says([1]), { code: "unusable_answer" }],
    ["an error inside a 200", says({ error: "no" }), { code: "unusable_answer" }],
    ["408", refuses(408), { code: "timeout", status: 408, retryable: true }],
    ["409", refuses(409), { code: "conflict", status: 409 }],
    ["410", refuses(410), { code: "not_found", status: 410 }],
    ["425", refuses(425), { code: "rate_limited", status: 425 }],
    [
      "429 with seconds",
      refuses(429, { "retry-after": "3" }),
      { code: "rate_limited", retryAfterMs: 3_000 },
    ],
    [
      "503 with an absurd wait",
      refuses(503, { "retry-after": "99999999" }),
      { code: "upstream_failed", retryAfterMs: 60_000 },
    ],
    ["500", refuses(500), { code: "upstream_failed", message: "no", retryable: true }],
    ["502 as a page", html(502), { code: "upstream_failed", message: "Please sign in" }],
    ["504", refuses(504), { code: "upstream_failed", retryable: true }],
  ])("%s becomes an error that says what happened", async (_, trick, expected) => {
    expect(await errorOf(trick)).toMatchObject(expected);
  });

  test.each<[string, Trick]>([
    ["a late answer", late(100)],
    ["an answer that comes twice", twice],
    ["a connection that dies behind its answer", deadSocket],
    ["keys that nobody knows", says({ session_id: "s", more: { nested: [null] } })],
  ])("%s is an answer, and so is the next", async (_, trick) => {
    const server = await withTrick("create_session", trick);
    const api = apiOver(fetch, server.url);
    for (let call = 0; call < 4; call++) {
      const { sessionId } = await api.createSession(SESSION, { signal });
      expect(sessionId).toMatch(/^s/);
      // Time for the connection to be closed, as between two steps of a run.
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  });

  test.each([301, 302, 303, 307, 308])(
    "a redirect with %i is refused, and no other address gets the token",
    async (status) => {
      const other = await scriptedUpstream((_, response) => void response.end("{}"));
      const server = await withTrick("create_session", refuses(status, { location: other.url }));
      servers.push(other);
      const transport = createTransport({
        baseUrl: server.url,
        fetch,
        headers: { authorization: "Bearer secret" },
      });
      const call = {
        method: "POST" as const,
        path: "create_session",
        body: SESSION,
        answer: createSessionAnswer,
      };
      await expect(transport.call(call, { signal })).rejects.toMatchObject({
        code: "not_a_training_server",
        status,
      });
      expect(other.seen).toEqual([]);
    },
  );
});

describe("Retry-After", () => {
  const NOW = Date.parse("Wed, 25 Nov 2026 10:00:00 GMT");
  test.each<[string, string | undefined, number | undefined]>([
    ["7", undefined, 7_000],
    ["0", undefined, 0],
    ["Wed, 25 Nov 2026 10:00:09 GMT", undefined, 9_000],
    ["Wed, 25 Nov 2026 10:00:09 GMT", "Wed, 25 Nov 2026 10:00:04 GMT", 5_000],
    ["Wed, 25 Nov 2020 10:00:00 GMT", undefined, 0],
    ["Wed, 25 Nov 2099 10:00:00 GMT", undefined, 60_000],
    ["86400", undefined, 60_000],
    ["soon", undefined, undefined],
    ["-5", undefined, 0],
  ])("%s (the server's clock: %s) is %s ms", (asked, date, expected) => {
    const headers = new Headers({ "retry-after": asked, ...(date && { date }) });
    expect(retryAfterMs(headers, NOW)).toBe(expected);
  });
});

describe("a future", () => {
  async function settled(trick: Trick, { times = Infinity, speed = 1_000 } = {}) {
    const server = await withTrick("retrieve_future", trick, times);
    const api = apiOver(fetch, server.url);
    const clock = createFastClock({ speed });
    const create = { session_id: "s", model_seq_id: 0, base_model: "m" };
    const { requestId } = await api.createModel(create, { signal });
    const result = await awaitFuture(
      api,
      requestId,

      MODEL,
      { clock, signal },
    ).catch((error: unknown) => error);
    return { result, polls: server.seen.filter(({ path }) => path === "/retrieve_future").length };
  }

  test.each<[string, Trick]>([
    ["a late answer", late(50)],
    ["an answer that is cut off", cutOff],
    ["JSON that ends half-way", halved],
    ["a hang-up", hungUp],
    ["an HTML page", html()],
    ["no body", (response) => void response.end()],
    ["408", refuses(408)],
    ["425", refuses(425)],
    ["429", refuses(429, { "retry-after": "2" })],
    ["429 until a date", refuses(429, { "retry-after": new Date(Date.now() + 4e9).toUTCString() })],
    ["500", refuses(500)],
    ["502", html(502)],
    ["503", refuses(503, { "retry-after": "1e9" })],
    ["504", refuses(504)],
    ["a pending state of an unknown kind", says({ type: "try_again", queue_state: { deep: [] } })],
    ["a dead connection", deadSocket],
    ["two answers", twice],
  ])("is there after two times %s", async (_, trick) => {
    const { result } = await settled(trick, { times: 2 });
    expect(result).toMatchObject({ model_id: "model-1" });
  });

  test.each<[string, Trick, object]>([
    ["pages instead of answers", html(), { code: "unusable_answer" }],
    ["bodies without an end", huge(100), { code: "unusable_answer" }],
    ["410", refuses(410), { code: "future_lost" }],
    ["409", refuses(409), { code: "conflict" }],
    ["redirects", refuses(302, { location: "/" }), { code: "not_a_training_server" }],
    ["endless try_again", says({ type: "try_again" }), { code: "future_lost" }],
    [
      "endless work without a reason",
      says({ type: "try_again", queue_state: "active" }),
      { code: "future_lost" },
    ],
    [
      "an error that is an object",
      says({ error: { message: "it broke" } }),
      { code: "future_failed", message: "it broke" },
    ],
    [
      "an error that is a list",
      says({ error: ["a", "b"] }),
      { code: "future_failed", message: "a; b" },
    ],
    ["a detail inside a 200", says({ detail: "bad" }), { code: "future_failed", message: "bad" }],
    ["an empty object", says({}), { code: "unusable_answer" }],
  ])("ends with an error after %s", { timeout: 20_000 }, async (_, trick, expected) => {
    expect((await settled(trick, { speed: 20_000 })).result).toMatchObject(expected);
  });
});
