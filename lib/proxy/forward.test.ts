import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { afterEach, describe, expect, test } from "vitest";
import { API_ROUTES } from "@/lib/protocol/routes";
import { scriptedUpstream, sendJson, type ScriptedUpstream } from "@/lib/testing/scripted-upstream";
import { forwardTrainingCall } from "./forward";
import { TestStudio } from "./test-studio";

const TOKEN = "ms-00000000-secret";
const HUB_TOKEN = "ms-11111111-for-the-hub";

const upstreams: ScriptedUpstream[] = [];
afterEach(async () => {
  await Promise.all(upstreams.splice(0).map((upstream) => upstream.close()));
});

type Script = Parameters<typeof scriptedUpstream>[0];

async function aServer(script: Script = (_request, response) => sendJson(response, { ok: true })) {
  const upstream = await scriptedUpstream(script);
  upstreams.push(upstream);
  return upstream;
}

async function connected(script?: Script, env: Record<string, string> = {}, hubToken?: string) {
  const upstream = await aServer(script);
  const studio = new TestStudio(env);
  await studio.signIn(upstream.url, TOKEN, hubToken);
  const call = (path: string, init?: Parameters<TestStudio["call"]>[2]) =>
    studio.call(forwardTrainingCall, `/api/training/${path}`, init);
  return { upstream, studio, call };
}

function examplePath(pattern: string): string {
  return pattern
    .replace("{run}", "20260101_120000-Qwen_Qwen2-0a1b")
    .replace("{checkpoint}", "weights/step-10")
    .replace("{owner}", "Qwen")
    .replace("{name}", "Qwen3-0.6B")
    .replace("{file}", "tokenizer.json");
}

const post = (body: unknown = {}) => ({ method: "POST", body });

describe("what goes to the server", () => {
  test("is the call with Twinkle's headers and nothing else of the page", async () => {
    const { upstream, studio, call } = await connected();
    await call("forward_backward", {
      ...post({ model_id: "m" }),
      headers: {
        authorization: "Bearer page",
        "x-forwarded-for": "1.2.3.4",
        "x-request-id": "mine",
        "transfer-encoding": "",
        "user-agent": "page",
      },
    });
    await call("session_heartbeat", post());
    const [first, second] = upstream.seen;
    const {
      host,
      connection,
      "x-request-id": id,
      "content-length": _length,
      "transfer-encoding": _encoding,
      ...rest
    } = first!.headers;
    expect(first).toMatchObject({
      method: "POST",
      path: "/api/v1/forward_backward",
      body: '{"model_id":"m"}',
    });
    expect(host).toBe(new URL(upstream.url).host);
    expect(connection).toBe("keep-alive");
    expect(id).toMatch(/^[0-9a-f]{32}$/);
    expect(rest).toEqual({
      accept: "*/*",
      "accept-encoding": "identity",
      authorization: `Bearer ${TOKEN}`,
      "content-type": "application/json",
      "serve-multiplexed-model-id": id,
      serve_multiplexed_model_id: id,
      "twinkle-authorization": `Bearer ${TOKEN}`,
      "x-ray-serve-request-id": id,
    });
    expect(second!.headers["x-request-id"]).toBe(id);
    expect(JSON.stringify(first!.headers)).not.toContain(studio.cookie);
  });

  test("is every call of the route table and only limit and offset of a query", async () => {
    const { upstream, call } = await connected();
    for (const { method, path } of API_ROUTES) {
      const response = await call(`${examplePath(path)}?limit=20&offset=40&evil=1`, {
        method,
        ...(method === "POST" ? { body: {} } : {}),
      });
      expect(response.status, path).toBe(200);
      expect(upstream.seen.at(-1)).toMatchObject({
        method,
        path: `/api/v1/${examplePath(path)}?limit=20&offset=40`,
      });
    }
  });

  test("carries the hub's token on a publish only", async () => {
    const { upstream, call } = await connected(undefined, {}, HUB_TOKEN);
    await call("training_runs/r/checkpoints/weights/a/publish", post());
    await call("create_session", post());
    expect(
      upstream.seen.map(({ headers }) => [headers.authorization, headers["twinkle-authorization"]]),
    ).toEqual([
      [`Bearer ${HUB_TOKEN}`, `Bearer ${TOKEN}`],
      [`Bearer ${TOKEN}`, `Bearer ${TOKEN}`],
    ]);
  });

  test.each([
    ["a call that is not listed", "GET", "config", 404],
    ["another method", "POST", "training_runs", 404],
    [
      "a checkpoint without its name, which servers take for all",
      "DELETE",
      "training_runs/r/checkpoints/weights",
      404,
    ],
    ["a checkpoint of another kind", "DELETE", "training_runs/r/checkpoints/x/y", 404],
    ["a file that is no tokenizer's", "GET", "studio/models/a/b/model.safetensors", 404],
    ["a way up", "GET", "../../secret", 404],
    ["an encoded way up", "GET", "%2e%2e/%2e%2e/secret", 404],
    ["a way up with an encoded slash", "GET", "training_runs/..%2f..%2fsecret", 400],
    ["an encoded slash", "DELETE", "training_runs/r/checkpoints/weights%2Fa", 400],
    ["an encoded backslash", "GET", "training_runs/a%5cb", 400],
    ["a zero byte", "GET", "training_runs/a%00b", 400],
    ["a line break", "GET", "training_runs/a%0d%0ab", 400],
    ["half an escape", "GET", "training_runs/a%", 400],
    ["an empty part", "GET", "training_runs//checkpoints", 400],
    ["another host", "GET", "@evil.example/training_runs", 400],
  ])("is not %s", async (_name, method, path, status) => {
    const { upstream, call } = await connected();
    const response = await call(path, { method, ...(method === "POST" ? { body: {} } : {}) });
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({
      code: status === 404 ? "not_found" : "bad_request",
    });
    expect(upstream.seen).toEqual([]);
  });

  test("may be a checkpoint whose name has letters of any script", async () => {
    const { upstream, call } = await connected();
    const name = encodeURIComponent("我的模型_é");
    await call(`training_runs/r/checkpoints/weights/${name}`, { method: "DELETE" });
    expect(upstream.seen[0]).toMatchObject({
      method: "DELETE",
      path: `/api/v1/training_runs/r/checkpoints/weights/${name}`,
    });
  });

  test("is nothing when the run belongs to another server than the session", async () => {
    const { upstream, call } = await connected();
    const response = await call("optim_step", {
      ...post(),
      headers: { "x-studio-server": "http://127.0.0.1:1" },
    });
    expect(response.status).toBe(409);
    expect(
      (await call("optim_step", { ...post(), headers: { "x-studio-server": upstream.url } }))
        .status,
    ).toBe(200);
    expect(upstream.seen).toHaveLength(1);
  });
});

describe("what comes back", () => {
  /** Says everything it was told, in every place where an answer can hold it. */
  function parrot(kind: string) {
    return (request: IncomingMessage, response: ServerResponse) => {
      const told = Object.entries(request.headers).map(([name, value]) => [name, String(value)]);
      const body = JSON.stringify({ model_owner: TOKEN, hub: HUB_TOKEN, told });
      const escaped = body.replaceAll("ms-", "\\u006ds-");
      for (const [name, value] of told) response.setHeader(`x-told-${name}`, value!);
      response.setHeader("x-request-id", TOKEN);
      response.setHeader("retry-after", TOKEN);
      response.setHeader("set-cookie", `token=${TOKEN}`);
      response.setHeader("content-type", kind);
      response.statusCode = kind === "text/html" ? 500 : 200;
      const text =
        kind === "text/event-stream" ? `data: ${body}\n\ndata: ${escaped}\n\n` : body + escaped;
      // In pieces that cut the token, each a write of its own.
      const pieces = text.match(/[^]{1,97}/g) ?? [];
      const next = () => {
        const piece = pieces.shift();
        if (piece === undefined) response.end();
        else response.write(piece, () => setImmediate(next));
      };
      next();
    };
  }

  test.each(["application/json", "text/event-stream", "text/html", "image/png"])(
    "never holds a token, on any route, from a server that repeats everything as %s",
    async (kind) => {
      const { call } = await connected(parrot(kind), {}, HUB_TOKEN);
      for (const { method, path } of API_ROUTES) {
        const response = await call(examplePath(path), {
          method,
          ...(method === "POST" ? { body: {} } : {}),
        });
        const text = await response.text();
        const everything = JSON.stringify([...response.headers]) + text;
        expect(text, path).toContain("[token]");
        expect(everything, path).not.toContain(TOKEN);
        expect(everything, path).not.toContain(HUB_TOKEN);
        expect(text, path).not.toContain("\\u006ds-");
        expect([...response.headers.keys()].sort(), path).toEqual([
          "cache-control",
          "content-security-policy",
          "content-type",
          "x-content-type-options",
        ]);
      }
    },
  );

  test("keeps status, type, retry-after and request id", async () => {
    const { call } = await connected((_request, response) => {
      response.writeHead(429, {
        "content-type": "application/json",
        "retry-after": "7",
        "x-request-id": "abc-1",
      });
      response.end('{"detail":"slow down"}');
    });
    const response = await call("optim_step", post());
    expect(response.status).toBe(429);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      "content-type": "application/json",
      "retry-after": "7",
      "x-request-id": "abc-1",
    });
    expect(await response.json()).toEqual({ detail: "slow down" });
  });

  test("is plain text where a browser would show a page", async () => {
    const { call } = await connected((_request, response) => {
      response.writeHead(200, { "content-type": "text/html" });
      response.end("<script>alert(1)</script>");
    });
    const response = await call("healthz");
    expect(response.headers.get("content-type")).toBe("text/plain; charset=utf-8");
    expect(response.headers.get("content-security-policy")).toContain("sandbox");
  });

  test("may be empty", async () => {
    const { call } = await connected((_request, response) => response.writeHead(204).end());
    const response = await call("training_runs/r/checkpoints/weights/a/publish", post());
    expect([response.status, await response.text()]).toEqual([204, ""]);
  });

  test("comes event by event while the server still writes", async () => {
    let write: (text: string) => void = () => undefined;
    const { call } = await connected((_request, response) => {
      response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8" });
      write = (text) => void response.write(text);
      write("data: 1\n\n");
    });
    const response = await call("chat/completions", post({ stream: true }));
    expect(response.headers.get("content-type")).toBe("text/event-stream; charset=utf-8");
    expect(response.headers.get("cache-control")).toBe("no-cache, no-transform");
    const reader = response.body!.getReader();
    for (let event = 1; event <= 3; event++) {
      expect(new TextDecoder().decode((await reader.read()).value)).toBe(`data: ${event}\n\n`);
      write(`data: ${event + 1}\n\n`);
    }
    await reader.cancel();
  });

  test("is 502 with a sentence for a redirect, which is not followed", async () => {
    const target = await aServer();
    const { call } = await connected((_request, response) =>
      response.writeHead(302, { location: target.url }).end(),
    );
    const response = await call("healthz");
    expect(response.status).toBe(502);
    expect(response.headers.get("location")).toBeNull();
    expect(await response.json()).toMatchObject({ code: "unusable_answer" });
    expect(target.seen).toEqual([]);
  });

  test("is 502 for a compressed answer, in which no token could be seen", async () => {
    const { call } = await connected((_request, response) =>
      response.writeHead(200, { "content-encoding": "gzip" }).end("xx"),
    );
    expect((await call("healthz")).status).toBe(502);
  });

  test("is 502 and certainly unsent when nothing listens", async () => {
    const { upstream, call } = await connected();
    await upstream.close();
    upstreams.length = 0;
    const response = await call("optim_step", post());
    expect(response.status).toBe(502);
    expect(await response.json()).toMatchObject({ code: "unreachable", notSent: true });
  });

  test("is 401 when there is no server", async () => {
    const response = await new TestStudio().call(forwardTrainingCall, "/api/training/healthz");
    expect(response.status).toBe(401);
  });
});

describe("limits", () => {
  const chunk = new Uint8Array(1000).fill(0x20);
  function endless(): ReadableStream<Uint8Array> {
    return new ReadableStream({ pull: (controller) => controller.enqueue(chunk) });
  }

  test("a body that says it is too large is not sent at all", async () => {
    const { upstream, call } = await connected(undefined, { STUDIO_MAX_BODY_BYTES: "100" });
    const response = await call("forward", { ...post({}), headers: { "content-length": "101" } });
    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({ code: "too_large" });
    expect(upstream.seen).toEqual([]);
  });

  test("a body that does not say its size is cut off when it passes the limit", async () => {
    const { upstream, call } = await connected(undefined, { STUDIO_MAX_BODY_BYTES: "50000" });
    const response = await call("forward", {
      method: "POST",
      body: endless(),
      headers: { "content-type": "application/json" },
    });
    expect(response.status).toBe(413);
    expect(upstream.seen.every((seen) => seen.body === "")).toBe(true);
  });

  test("a large body within the limit arrives whole", async () => {
    const { upstream, call } = await connected();
    const text = JSON.stringify("x".repeat(3_000_000));
    await call("forward", {
      method: "POST",
      body: text,
      headers: { "content-length": String(text.length), "content-type": "application/json" },
    });
    expect(upstream.seen[0]!.body).toBe(text);
    expect(upstream.seen[0]!.headers["content-length"]).toBe(String(text.length));
  });
});

describe("connections", () => {
  test("a page that goes away ends the server's work, before and during the answer", async () => {
    const { upstream, call } = await connected((request, response) => {
      if (request.url?.endsWith("completions")) {
        response.writeHead(200, { "content-type": "text/event-stream" });
        response.write("data: 1\n\n");
      }
      response.on("close", () => response.emit("gone"));
      gone.push(once(response, "gone"));
    });
    const gone: Promise<unknown>[] = [];
    const poll = new AbortController();
    const answer = call("retrieve_future", { ...post(), signal: poll.signal });
    await expect.poll(() => gone.length).toBe(1);
    poll.abort();
    expect((await answer).status).toBe(499);
    await gone[0];

    const stream = new AbortController();
    const response = await call("chat/completions", { ...post(), signal: stream.signal });
    const reader = response.body!.getReader();
    await reader.read();
    stream.abort();
    await gone[1];
    await expect(reader.read()).rejects.toThrow();

    const cancelled = await call("chat/completions", post());
    await cancelled.body!.cancel();
    await gone[2];
    expect(upstream.seen).toHaveLength(3);
  });

  test("a GET on a connection that the server just closed is sent again, a POST never", async () => {
    const failing = new Set(["GET", "POST"]);
    const { upstream, call } = await connected((request, response) => {
      if (failing.delete(request.method ?? "")) request.socket.destroy();
      else sendJson(response, { ok: true });
    });
    expect((await call("training_runs")).status).toBe(200);
    const refused = await call("optim_step", post());
    expect(refused.status).toBe(502);
    expect(await refused.json()).not.toHaveProperty("notSent");
    expect(upstream.seen.map(({ method }) => method)).toEqual(["GET", "GET", "POST"]);
  });

  test("a server that closes idle connections is met on a new one", async () => {
    const { upstream, call } = await connected((request, response) => {
      sendJson(response, { ok: true });
      response.on("finish", () => request.socket.end());
    });
    for (let round = 0; round < 10; round++) {
      expect(await (await call("session_heartbeat", post())).json()).toEqual({ ok: true });
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    expect(upstream.seen).toHaveLength(10);
  });
});
