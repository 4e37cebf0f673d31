import { afterEach, describe, expect, test } from "vitest";
import type { SessionInfo } from "@/lib/config/studio-api";
import { scriptedUpstream, sendJson, type ScriptedUpstream } from "@/lib/testing/scripted-upstream";
import { connect, disconnect, showSession } from "./session-routes";
import { TestStudio } from "./test-studio";

const TOKEN = "ms-00000000-secret";
const CAPABILITIES = {
  supported_models: [{ model_name: "Qwen/Qwen3-0.6B" }, { model_name: TOKEN }],
};

const upstreams: ScriptedUpstream[] = [];
afterEach(async () => {
  await Promise.all(upstreams.splice(0).map((upstream) => upstream.close()));
});

async function aServer(script: Parameters<typeof scriptedUpstream>[0] = trainingServer) {
  const upstream = await scriptedUpstream(script);
  upstreams.push(upstream);
  return upstream;
}

function trainingServer(
  ...[request, response]: Parameters<Parameters<typeof scriptedUpstream>[0]>
) {
  if (!request.url?.startsWith("/twinkle/api/v1/"))
    sendJson(response, { detail: "Not Found" }, 404);
  else sendJson(response, request.url.endsWith("healthz") ? { status: "ok" } : CAPABILITIES);
}

function signIn(studio: TestStudio, serverUrl: string, token = TOKEN) {
  return studio.call(connect, "/api/session", { method: "POST", body: { serverUrl, token } });
}

async function info(studio: TestStudio): Promise<SessionInfo> {
  return (await (await studio.call(showSession, "/api/session")).json()) as SessionInfo;
}

describe("the session", () => {
  test("is the default server before anybody signs in", async () => {
    const studio = new TestStudio({
      STUDIO_DEFAULT_SERVER: "http://127.0.0.1:8000/",
      STUDIO_DEFAULT_IS_LOCAL: "1",
    });
    expect(await info(studio)).toEqual({
      connected: true,
      serverUrl: "http://127.0.0.1:8000",
      serverName: "127.0.0.1:8000",
      isLocal: true,
      serverId: "local",
      hasToken: false,
      hasHubToken: false,
      presets: [
        { id: "local", url: "http://127.0.0.1:8000" },
        { id: "modelscope", url: "https://www.modelscope.cn/twinkle" },
      ],
      canEnterAddress: true,
    });
  });

  test("is empty without a default server", async () => {
    expect(await info(new TestStudio())).toMatchObject({
      connected: false,
      serverUrl: null,
      isLocal: false,
    });
  });

  test("is the server that was proved, until it is ended", async () => {
    const upstream = await aServer();
    const studio = new TestStudio({
      STUDIO_DEFAULT_SERVER: "http://127.0.0.1:8000",
      STUDIO_DEFAULT_IS_LOCAL: "1",
    });
    const answer = await signIn(studio, `${upstream.url}/twinkle/api/v1/`);
    expect(await answer.json()).toMatchObject({
      connected: true,
      serverUrl: `${upstream.url}/twinkle`,
      isLocal: false,
      hasToken: true,
      models: ["Qwen/Qwen3-0.6B", "[token]"],
    });
    expect(upstream.seen.map(({ path, headers }) => [path, headers.authorization])).toEqual([
      ["/twinkle/api/v1/healthz", `Bearer ${TOKEN}`],
      ["/twinkle/api/v1/get_server_capabilities", `Bearer ${TOKEN}`],
    ]);
    expect(await info(studio)).toMatchObject({
      serverUrl: `${upstream.url}/twinkle`,
      hasToken: true,
    });
    const ended = await studio.call(disconnect, "/api/session", { method: "DELETE" });
    expect(await ended.json()).toMatchObject({ isLocal: true, hasToken: false });
    expect(await info(studio)).toMatchObject({ isLocal: true });
  });

  test("is not written down for the default server as it is, whose port may be another one tomorrow", async () => {
    const upstream = await aServer();
    const studio = new TestStudio({ STUDIO_DEFAULT_SERVER: `${upstream.url}/twinkle` });
    await signIn(studio, `${upstream.url}/twinkle`, "");
    const restarted = new TestStudio({ STUDIO_DEFAULT_SERVER: "http://127.0.0.1:8001" });
    restarted.cookie = studio.cookie;
    expect(await info(restarted)).toMatchObject({ serverUrl: "http://127.0.0.1:8001" });
  });

  test("lies sealed in a cookie that no script can read", async () => {
    const upstream = await aServer();
    const studio = new TestStudio();
    const setCookie = (await signIn(studio, `${upstream.url}/twinkle`)).headers.get("set-cookie")!;
    expect(setCookie).toMatch(
      /^twinkle-studio=Fe26[^;]+; Path=\/; Max-Age=\d+; HttpOnly; SameSite=Strict$/,
    );
    expect(decodeURIComponent(setCookie)).not.toContain(TOKEN);
    expect(setCookie.length).toBeLessThan(4096);

    const secure = new TestStudio({ STUDIO_SECURE_COOKIES: "1" });
    expect((await signIn(secure, `${upstream.url}/twinkle`)).headers.get("set-cookie")).toMatch(
      /; Secure$/,
    );
  });

  test("is the default again when the cookie was changed or sealed with another secret", async () => {
    const upstream = await aServer();
    const studio = new TestStudio();
    await signIn(studio, `${upstream.url}/twinkle`);
    const other = new TestStudio({ SESSION_SECRET: "another-secret-of-at-least-32-characters" });
    for (const cookie of [
      studio.cookie,
      studio.cookie.replace("Fe26.2", "Fe26.1"),
      "twinkle-studio=x~2",
      "twinkle-studio=%",
    ]) {
      other.cookie = cookie;
      expect(await info(other), cookie).toMatchObject({ connected: false });
    }
  });

  test("forgets the hub's token when another server is connected", async () => {
    const upstream = await aServer();
    const studio = new TestStudio();
    await studio.signIn("http://127.0.0.1:1", TOKEN, "ms-the-token-for-the-hub");
    expect(await info(studio)).toMatchObject({ hasHubToken: true });
    await signIn(studio, `${upstream.url}/twinkle`);
    expect(await info(studio)).toMatchObject({ hasHubToken: false });
  });
});

describe("a server that does not say what it offers", () => {
  async function namesOf(answers: Record<string, unknown>): Promise<unknown> {
    const upstream = await aServer((request, response) => {
      const body = answers[request.url?.replace("/api/v1/", "") ?? ""];
      if (body === undefined) sendJson(response, { detail: "Method Not Allowed" }, 405);
      else sendJson(response, body);
    });
    const answer = (await (await signIn(new TestStudio(), upstream.url)).json()) as {
      code?: string;
      models?: string[];
    };
    return answer.models ?? answer.code;
  }

  test.each([
    [
      "is known by its health, and its models by their list",
      { healthz: { status: "ok" }, models: { data: [{ id: "a/b" }] } },
      ["a/b"],
    ],
    ["is known by its health alone", { healthz: { status: "ok" } }, []],
    [
      "is none by a list of models, which other services have too",
      { models: { data: [{ id: "a/b" }] } },
      "not_a_training_server",
    ],
    ["is none by a health in no known form", { healthz: "fine" }, "not_a_training_server"],
  ])("%s", async (_, answers, expected) => {
    expect(await namesOf(answers)).toEqual(expected);
  });
});

describe("connecting is refused with one sentence", () => {
  const html = "<!doctype html><title>Not here</title>";
  const traceback = `Traceback (most recent call last):\n  File "a.py", line 1\nRuntimeError: no GPU for ${TOKEN}`;

  test.each([
    [
      "by a server that wants another token",
      401,
      '{"detail":"no"}',
      401,
      "unauthorized",
      /does not take this token/,
    ],
    [
      "by a server that refuses the token",
      403,
      '{"detail":"no"}',
      403,
      "forbidden",
      /refuses this token/,
    ],
    ["on a wrong path", 404, html, 502, "not_a_training_server", /answers 404 to/],
    ["by a web site", 200, html, 502, "not_a_training_server", /another kind/],
    ["by another API", 200, '{"models":[]}', 502, "not_a_training_server", /another kind/],
    ["by a redirect", 301, "", 502, "not_a_training_server", /redirects/],
    [
      "by a traceback",
      500,
      JSON.stringify({ detail: traceback }),
      502,
      "upstream_failed",
      /RuntimeError: no GPU for \[token\]$/,
    ],
    ["by an endless answer", 200, `"${"x".repeat(2 * 1024 * 1024)}"`, 413, "too_large", /1 MiB/],
  ])("%s", async (_name, status, body, ownStatus, code, sentence) => {
    const upstream = await aServer((_request, response) =>
      response.writeHead(status, { location: "/x" }).end(body),
    );
    const studio = new TestStudio();
    const response = await signIn(studio, upstream.url);
    expect(response.status).toBe(ownStatus);
    const text = await response.text();
    expect(text).not.toContain(TOKEN);
    expect(JSON.parse(text)).toMatchObject({
      code,
      message: expect.stringMatching(sentence) as string,
    });
    expect(studio.cookie).toBe("");
  });

  test("where nothing listens, where the name is unknown, and where the port speaks no HTTP", async () => {
    const gone = await scriptedUpstream(() => undefined);
    await gone.close();
    for (const [address, sentence] of [
      [gone.url, /nothing listens there/],
      ["http://no-such-host.invalid", /cannot be reached/],
    ] as const) {
      const response = await signIn(new TestStudio(), address);
      expect(response.status).toBe(502);
      expect(await response.json()).toMatchObject({
        code: "unreachable",
        message: expect.stringMatching(sentence) as string,
      });
    }
    const breaking = await aServer((request, response) => {
      response
        .writeHead(200, { "content-length": "100" })
        .write("{", () => request.socket.destroy());
    });
    expect(await (await signIn(new TestStudio(), breaking.url)).json()).toMatchObject({
      code: "unreachable",
      message: expect.stringMatching(/closed the connection/) as string,
    });
    const upstream = await aServer((request) => request.socket.end("SSH-2.0-OpenSSH_9.2\r\n"));
    const response = await signIn(new TestStudio(), upstream.url);
    expect(await response.json()).toMatchObject({ code: "unusable_answer" });
  });

  test.each([
    "",
    "127.0.0.1:8000",
    "ftp://127.0.0.1",
    "javascript:alert(1)",
    "http://user:pass@127.0.0.1",
    "http://127.0.0.1:8000/\u0000",
    "http://127.0.0.1\r\n:8000",
    "http://127.0.0.1:8000/a b",
    "http://127.0.0.1:8000/?x=1",
    "http://127.0.0.1:8000/#x",
    "http://127.0.0.1:8000/%2e%2e%2f",
    "http://",
    `http://${"a".repeat(600)}`,
  ])("for the address %j", async (address) => {
    const response = await signIn(new TestStudio(), address);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ code: "bad_request" });
  });

  test.each([
    "a-b-c",
    "weights",
    "has a space in it",
    "line\nbreak-in-token",
    "semi;colon-token",
    "ключ-ключ-ключ",
    "x".repeat(513),
  ])("for the token %j", async (token) => {
    const upstream = await aServer();
    const response = await signIn(new TestStudio(), `${upstream.url}/twinkle`, token);
    expect(response.status).toBe(400);
    expect(await response.text()).not.toContain(token);
    expect(upstream.seen).toEqual([]);
  });

  test("for a body that is no such body", async () => {
    for (const body of ["{", "[]", "null", '{"serverUrl":1}', `"${"x".repeat(70_000)}"`]) {
      const response = await new TestStudio().call(connect, "/api/session", {
        method: "POST",
        body,
      });
      expect([400, 413]).toContain(response.status);
    }
  });
});

describe("a hosted studio", () => {
  const listed = { STUDIO_ALLOWED_SERVERS: "https://train.example/base, http://127.0.0.1:1/" };

  test("offers and takes only the servers that its operator lists", async () => {
    const studio = new TestStudio(listed);
    expect(await info(studio)).toMatchObject({
      canEnterAddress: false,
      presets: [
        { id: "train.example/base", url: "https://train.example/base" },
        { id: "127.0.0.1:1", url: "http://127.0.0.1:1" },
      ],
    });
    for (const address of [
      "https://train.example",
      "https://train.example/base/more",
      "http://127.0.0.1:2",
    ]) {
      const response = await signIn(studio, address);
      expect(response.status, address).toBe(403);
    }
    expect((await signIn(studio, "http://127.0.0.1:1")).status).toBe(502);
  });

  test("drops a session with a server that is not listed any more", async () => {
    const studio = new TestStudio(listed);
    await studio.signIn("https://train.example/old", TOKEN);
    expect(await info(studio)).toMatchObject({ connected: false });
  });

  test("refuses a listed name that resolves to a private address", async () => {
    const upstream = await aServer();
    const address = `${upstream.url.replace("127.0.0.1", "localhost")}/twinkle`;
    const response = await signIn(new TestStudio({ STUDIO_ALLOWED_SERVERS: address }), address);
    expect(await response.json()).toMatchObject({
      code: "unreachable",
      message: expect.stringContaining("private") as string,
    });
    expect(upstream.seen).toEqual([]);
  });
});
