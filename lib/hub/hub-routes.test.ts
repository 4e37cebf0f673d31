import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import type { ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { startChild, type RunningChild } from "@/e2e/servers/child";
import { TOKENIZER_FILES } from "@/lib/protocol/routes";
import type { Handler } from "@/lib/proxy/handle";
import { TestStudio } from "@/lib/proxy/test-studio";
import { scriptedUpstream, sendJson, type ScriptedUpstream } from "@/lib/testing/scripted-upstream";
import { huggingFace, mayRedirectTo } from "./hubs";
import { addCard, keepHubToken, showAccount, showHubModel, showModelFile } from "./hub-routes";

const NOWHERE = "http://127.0.0.1:9";
const TOKENIZER = JSON.stringify({ model: { vocab: "x".repeat(70_000) } });

let folder: string;
let hub: RunningChild;
let hubUrl: string;
const upstreams: ScriptedUpstream[] = [];

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "studio-hub-"));
  const seed = path.join(folder, "seed", "models", "Qwen", "Tiny");
  await mkdir(seed, { recursive: true });
  // Above 64 KiB: a large file, which the hub hands out by a redirect to another origin.
  await writeFile(path.join(seed, "tokenizer.json"), TOKENIZER);
  await writeFile(path.join(seed, "config.json"), '{"hidden_size":64}');
  ({ hub, hubUrl } = await startHub("hub"));
});
afterAll(async () => {
  await hub.stop();
  await rm(folder, { recursive: true });
});

/** The stand-in of the hubs with the one model; several at a time need roots of their own. */
async function startHub(root: string) {
  const [at, seed] = [path.join(folder, root), path.join(folder, "seed")];
  const flags = ["--port", "0", "--root", at, "--seed", seed];
  const hub = await startChild("python3", ["e2e/servers/hub/stand_in.py", ...flags], {
    ...{ cwd: process.cwd(), ready: /stand-in hub on/, timeoutMs: 20_000 },
  });
  return { hub, hubUrl: /stand-in hub on (http:[^,]+),/.exec(hub.output())![1]! };
}

let studio: TestStudio;
let dataDir: string;
let count = 0;
beforeEach(() => {
  dataDir = path.join(folder, `data-${count++}`);
  studio = aStudio({});
});
afterEach(async () => {
  await Promise.all(upstreams.splice(0).map((upstream) => upstream.close()));
});

function aStudio(env: Record<string, string>): TestStudio {
  return new TestStudio({
    MODELSCOPE_ENDPOINT: hubUrl,
    HF_ENDPOINT: NOWHERE,
    STUDIO_DATA_DIR: dataDir,
    ...env,
  });
}

async function aServer(script: Parameters<typeof scriptedUpstream>[0]): Promise<ScriptedUpstream> {
  const upstream = await scriptedUpstream(script);
  upstreams.push(upstream);
  return upstream;
}

const notFound = () =>
  aServer((_request, response) => sendJson(response, { detail: "Not Found" }, 404));

const TOKEN_PAGE = { hint: expect.stringContaining("modelscope.cn/my/myaccesstoken") as string };

async function answerOf(
  handler: Handler,
  url: string,
  init: Parameters<TestStudio["call"]>[2] = {},
  of = studio,
) {
  const response = await of.call(handler, url, init);
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

describe("the account that publishes", () => {
  const put = (token: string) =>
    answerOf(keepHubToken, "/api/session/hub-token", { method: "PUT", body: { token } });
  const account = () => answerOf(showAccount, "/api/hub/account");

  test("is kept once the hub took its token as one that may write", async () => {
    expect(await put("good")).toMatchObject({ status: 400 });
    expect(await account()).toMatchObject({
      status: 401,
      body: { code: "hub_token_missing", ...TOKEN_PAGE },
    });
    const kept = await put(" ms-good ");
    expect(kept).toMatchObject({
      status: 200,
      body: { hasHubToken: true, account: { name: "alice", canWrite: true } },
    });
    expect(JSON.stringify(kept.body)).not.toContain("ms-good");
    expect(await account()).toEqual({ status: 200, body: { name: "alice", canWrite: true } });
  });

  test("is refused, and not kept, with a token that is unknown, may only read, or is missing", async () => {
    expect(await put("ms-wrong")).toMatchObject({
      status: 401,
      body: { code: "hub_token_refused", ...TOKEN_PAGE },
    });
    expect(await put("ms-read")).toMatchObject({
      status: 403,
      body: { code: "hub_token_read_only", ...TOKEN_PAGE },
    });
    expect(await put("  ")).toMatchObject({
      status: 401,
      body: { code: "hub_token_missing", ...TOKEN_PAGE },
    });
    expect(studio.cookie).toBe("");
  });

  test("is the session's when its token is one of ModelScope's, and no other server's token reaches the hub", async () => {
    await studio.signIn(NOWHERE, "ms-good");
    expect(await account()).toMatchObject({ status: 200, body: { name: "alice" } });
    const spy = await notFound();
    const other = aStudio({ MODELSCOPE_ENDPOINT: spy.url });
    await other.signIn(NOWHERE, "tml-another-servers-token");
    expect(await answerOf(showAccount, "/api/hub/account", {}, other)).toMatchObject({
      status: 401,
    });
    expect(spy.seen).toEqual([]);
  });

  test("is not judged when the hub cannot be reached or answers nonsense", async () => {
    for (const endpoint of [
      NOWHERE,
      (await aServer((_request, response) => response.end("<html>"))).url,
    ]) {
      const offline = aStudio({ MODELSCOPE_ENDPOINT: endpoint });
      const body = { token: "ms-good" };
      expect(
        await answerOf(keepHubToken, "/api/session/hub-token", { method: "PUT", body }, offline),
      ).toMatchObject({ status: 502, body: { code: "hub_unreachable" } });
    }
  });
});

describe("a model on the hub", () => {
  test("is shown with its files and its page", async () => {
    expect(await answerOf(showHubModel, "/api/hub/models/Qwen/Tiny")).toEqual({
      status: 200,
      body: {
        exists: true,
        isPrivate: false,
        files: [
          { path: "config.json", sizeBytes: 18 },
          { path: "tokenizer.json", sizeBytes: TOKENIZER.length },
        ],
        url: `${hubUrl}/models/Qwen/Tiny`,
      },
    });
  });

  test("may not exist, and may have no name that leads elsewhere", async () => {
    expect(await answerOf(showHubModel, "/api/hub/models/Qwen/None")).toMatchObject({
      body: { exists: false, files: [] },
    });
    for (const id of ["Qwen/..%2f..", "Qwen/a%00", "Qwen/-x", "Qwen/%2e%2e%2f"]) {
      expect(await answerOf(showHubModel, `/api/hub/models/${id}`), id).toMatchObject({
        status: 400,
      });
    }
  });
});

describe("the card of a published model", () => {
  test("is added in a commit of its own, and a card that is there is kept", async () => {
    const headers = {
      authorization: "Bearer ms-good",
      cookie: "m_session_id=ms-good",
      "content-type": "application/json",
      "user-agent": "test",
    };
    await fetch(`${hubUrl}/api/v1/models`, {
      ...{ method: "POST", headers },
      body: JSON.stringify({ Path: "alice", Name: "adapter", Visibility: 1 }),
    });
    const put = (card: string) =>
      studio.call(addCard, "/api/hub/models/alice/adapter/card", { method: "PUT", body: { card } });
    expect((await put("x")).status).toBe(401);
    await studio.signIn("http://127.0.0.1:9", "none", "ms-good");
    const first = await put("---\nbase_model: Qwen/Tiny\n---\n# First");
    expect(await first.json()).toEqual({ added: true });
    expect(await (await put("---\nbase_model: Other\n---")).json()).toEqual({ added: false });
    const readme = await fetch(
      `${hubUrl}/api/v1/models/alice/adapter/repo?Revision=master&FilePath=README.md`,
      { headers },
    );
    expect(await readme.text()).toContain("# First");
  });
});

describe("a file of a model's tokenizer", () => {
  const file = (model: string, name: string, of = studio, headers = {}) =>
    of.call(showModelFile, `/api/models/files?${new URLSearchParams({ model, file: name })}`, {
      headers,
    });
  const parrotToken = "ms-00000000-secret";

  test("comes from the training server first, compared by its etag and without the session's token", async () => {
    const server = await aServer((request, response) => {
      response.end(JSON.stringify({ path: request.url, told: request.headers.authorization }));
    });
    await studio.signIn(server.url, parrotToken);
    const first = await file("Qwen/Tiny", "tokenizer.json");
    expect(await first.json()).toEqual({
      path: "/api/v1/studio/models/Qwen/Tiny/tokenizer.json",
      told: "Bearer [token]",
    });
    expect(first.headers.get("cache-control")).toBe("private, no-cache, no-transform");
    const again = await file("Qwen/Tiny", "tokenizer.json", studio, {
      "if-none-match": first.headers.get("etag")!,
    });
    expect([again.status, await again.text()]).toEqual([304, ""]);
    const part = await file("Qwen/Tiny", "tokenizer.json", studio, { range: "bytes=0-7" });
    expect([part.status, await part.text()]).toEqual([206, '{"path":']);
  });

  test("is looked for nowhere else when the training server has the model without it", async () => {
    const server = await aServer((request, response) => {
      if (request.url?.endsWith("/tokenizer.json")) response.end("{}");
      else sendJson(response, { detail: "no" }, 404);
    });
    const spy = await notFound();
    studio = aStudio({ MODELSCOPE_ENDPOINT: spy.url });
    await studio.signIn(server.url, parrotToken);
    expect((await file("twinkle/toy", "chat_template.jinja")).status).toBe(404);
    expect(spy.seen).toEqual([]);
  });

  test("comes from ModelScope through its storage, without any token, and from the disk afterwards", async () => {
    await studio.signIn((await notFound()).url, "ms-wrong-0-would-be-refused");
    const online = await file("Qwen/Tiny", "tokenizer.json");
    expect(await online.text()).toBe(TOKENIZER);
    expect((await file("Qwen/Tiny", "chat_template.jinja")).status).toBe(404);
    const offline = aStudio({ MODELSCOPE_ENDPOINT: NOWHERE });
    expect(await (await file("Qwen/Tiny", "tokenizer.json", offline)).text()).toBe(TOKENIZER);
    expect((await file("Qwen/Tiny", "chat_template.jinja", offline)).status).toBe(404);
    expect((await file("Qwen/Tiny", "config.json", offline)).status).toBe(502);
    const kept = path.join(dataDir, "hub-cache", "modelscope", "Qwen", "Tiny", "master");
    expect(await readdir(kept)).toEqual(["chat_template.jinja.absent", "tokenizer.json"]);
  });

  test("is served as before once the hub has stopped, and so is that there is none", async () => {
    const own = await startHub("stopping");
    studio = aStudio({ MODELSCOPE_ENDPOINT: own.hubUrl });
    const statuses = () =>
      Promise.all(
        TOKENIZER_FILES.map(async (name) => (await file("Qwen/Tiny", name, studio)).status),
      );
    const online = await statuses();
    expect(online).toEqual([200, 404, 404, 404, 200]);
    await own.hub.stop();
    expect(await statuses()).toEqual(online);
  });

  test("comes from the disk when the training server is gone", async () => {
    await file("Qwen/Tiny", "tokenizer.json");
    await studio.signIn(NOWHERE, parrotToken);
    expect((await file("Qwen/Tiny", "tokenizer.json")).status).toBe(200);
    expect((await file("Qwen/Tiny", "config.json")).status).toBe(502);
  });

  test("comes from Hugging Face when ModelScope has no such model", async () => {
    const hf = await aServer((request, response) => {
      if (request.url === "/meta/Llama/resolve/main/config.json")
        response.writeHead(307, { location: "/moved" }).end();
      else if (request.url === "/moved") response.end('{"a":1}');
      else response.writeHead(404).end();
    });
    studio = aStudio({ HF_ENDPOINT: hf.url });
    expect(await (await file("meta/Llama", "config.json")).json()).toEqual({ a: 1 });
    const kept = path.join(dataDir, "hub-cache", "huggingface", "meta", "Llama", "main");
    expect(await readdir(kept)).toEqual(["config.json"]);
    const absent = await file("meta/Llama", "tokenizer.json");
    expect(absent.status).toBe(404);
    expect(await absent.json()).toMatchObject({
      code: "not_found",
      message: `The training server has no tokenizer.json of meta/Llama. ${new URL(hubUrl).host} has no such model. ${new URL(hf.url).host} has no such file.`,
    });
  });

  test("is not absent, but unsure, when a hub that may have it cannot be reached", async () => {
    const response = await file("meta/Llama", "tokenizer.json");
    expect(response.status).toBe(502);
    expect(await response.json()).toMatchObject({ code: "hub_unreachable" });
  });

  test.each([
    ["to another host", "https://evil.example/x"],
    ["to a cloud's own address", "http://169.254.169.254/latest"],
    ["to a host whose name ends alike", "https://evilhf.co/x"],
    ["to another port of a storage host", "https://cdn.hf.co:8443/x"],
    ["to plain HTTP", "http://cdn.hf.co/x"],
    ["with a password", "https://a:b@cdn.hf.co/x"],
    ["to a file of the machine", "file:///etc/passwd"],
  ])("follows no redirect %s", async (_name, location) => {
    const hub = huggingFace(aStudio({ HF_ENDPOINT: "https://huggingface.co" }).env);
    expect(mayRedirectTo(hub, new URL(location))).toBe(false);
    expect(mayRedirectTo(hub, new URL("https://cdn-lfs-us-1.hf.co/x"))).toBe(true);
    expect(mayRedirectTo(hub, new URL("https://huggingface.co/renamed/x"))).toBe(true);

    const hf = await aServer((_request, response) => response.writeHead(302, { location }).end());
    studio = aStudio({ HF_ENDPOINT: hf.url });
    const response = await file("meta/Llama", "config.json");
    expect(await response.json()).toMatchObject({ code: "unusable_answer" });
    expect(hf.seen).toHaveLength(1);
  });

  test("follows no endless redirect, takes no page for a file and no file above its limit", async () => {
    for (const [script, code] of [
      [(response) => response.writeHead(302, { location: "/again" }).end(), "unusable_answer"],
      [(response) => response.end("<!doctype html>"), "hub_unreachable"],
      [(response) => response.end(`{${" ".repeat(4 * 1024 * 1024)}}`), "too_large"],
    ] as [(response: ServerResponse) => void, string][]) {
      const hf = await aServer((_request, response) => script(response));
      studio = aStudio({ HF_ENDPOINT: hf.url });
      const response = await file("meta/Llama", "config.json");
      expect(await response.json()).toMatchObject({ code });
      expect(hf.seen.length).toBeLessThanOrEqual(4);
    }
  });

  test.each([
    ["../../etc", "config.json"],
    ["Qwen", "config.json"],
    ["Qwen/Tiny/more", "config.json"],
    ["Qwen/..", "config.json"],
    ["Qwen/Tiny", "model.safetensors"],
    ["Qwen/Tiny", "../config.json"],
  ])("has a name and belongs to a model, not %s and %s", async (model, name) => {
    expect((await file(model, name)).status).toBe(400);
  });
});
