import { afterAll, beforeAll, expect, test } from "vitest";
import { ApiSession } from "@/lib/server/testing/api-session";
import { startTestServer, type TestServer } from "@/lib/server/testing/test-server";
import { scriptedUpstream, sendJson } from "@/lib/testing/scripted-upstream";
import { main } from "../main";

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.dispose());

async function run(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  let [stdout, stderr] = ["", ""];
  const code = await main(args, {
    env: { TWINKLE_SERVER: `http://127.0.0.1:${server.port}`, TWINKLE_TOKEN: "of-the-cli" },
    ...{ dataDir: server.folder, cwd: server.folder, signal: new AbortController().signal },
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: (text) => (stderr += text) },
  });
  return { code, stdout, stderr };
}

test("doctor finds the local server well, in one JSON value, without the token", async () => {
  const { code, stdout } = await run("doctor", "--json");
  expect(code).toBe(0);
  const report = JSON.parse(stdout) as { lines: { step: string; outcome: string }[] };
  expect(report.lines.filter(({ outcome }) => outcome === "failed")).toEqual([]);
  expect(report.lines.length).toBeGreaterThanOrEqual(20);
  expect(stdout).not.toContain("of-the-cli");
});

test("models lists those of the server that is named", async () => {
  const { stdout } = await run("models", "--json");
  expect(JSON.parse(stdout)).toContainEqual({ name: "test/tiny", contextLength: 128 });
});

test("a server that does not say what it offers is connected by its health, with the names that it lists", async () => {
  const answers: Record<string, unknown> = {
    "/api/v1/healthz": { status: "ok" },
    "/api/v1/models": { data: [{ id: "a/b" }] },
  };
  const silent = await scriptedUpstream(({ url = "" }, response) =>
    url in answers
      ? sendJson(response, answers[url])
      : sendJson(response, { detail: "Not Found" }, 404),
  );
  const connect = () => run("connect", silent.url);
  expect((await connect()).stdout).toMatch(/ It offers a\/b\.\n$/);
  const listed = await run("models", "--server", silent.url, "--json");
  expect(JSON.parse(listed.stdout)).toEqual([{ name: "a/b", contextLength: null }]);
  delete answers["/api/v1/models"];
  expect((await connect()).stdout).toMatch(/ It lists no model; name one with --base\.\n$/);
  delete answers["/api/v1/healthz"];
  expect(await connect()).toMatchObject({
    code: 3,
    stderr:
      "There is no training server at this address. It has neither get_server_capabilities nor healthz.\n",
  });
  await silent.close();
  await run("connect", "--forget");
});

test("runs and checkpoints are listed, and a checkpoint is deleted by its path", async () => {
  const api = new ApiSession(server.port, "of-the-cli");
  const model = await api.model({ baseModel: "test/tiny" });
  const { path } = await api.compute<{ path: string }>("save_weights", {
    model_id: model,
    path: "first",
  });
  const runs = JSON.parse((await run("runs", "--json")).stdout) as { id: string }[];
  expect(runs.map(({ id }) => id)).toContain(model);
  expect((await run("checkpoints", model)).stdout).toContain(path);

  expect(await run("delete", path)).toMatchObject({ code: 0, stdout: `${path} deleted\n` });
  expect((await run("checkpoints", model)).stdout).toBe("No checkpoints.\n");
  expect(await run("delete", path)).toMatchObject({ code: 1, stdout: "" });
});

test("a wrong path, a wrong address and a server that is away each end with a sentence", async () => {
  expect(await run("delete", "weights/first")).toMatchObject({ code: 2 });
  expect(await run("runs", "--server", "ftp://example.com")).toMatchObject({ code: 2 });
  const away = await run("runs", "--server", "http://127.0.0.1:9", "--json");
  expect(away.code).toBe(3);
  expect(JSON.parse(away.stdout)).toEqual({
    error: expect.stringMatching(/^The training server cannot be reached\. ./) as string,
  });
  const none = await run("connect", `http://127.0.0.1:${server.port}/elsewhere`);
  expect(none.code).toBe(3);
  expect(none.stderr).toContain("There is no training server at this address.");
});

test("what doctor found a server to lack is not asked of it, and the reason is told", async () => {
  const lesser = await scriptedUpstream(({ method = "", url, headers }, response, body) => {
    if (method === "DELETE") return sendJson(response, { detail: "Not Found" }, 404);
    const sent = {
      ...{ method, ...(body !== "" && { body }) },
      headers: {
        "content-type": "application/json",
        authorization: headers.authorization ?? "",
      },
    };
    void fetch(`http://127.0.0.1:${server.port}${url}`, sent).then(async (answer) =>
      response.writeHead(answer.status).end(await answer.text()),
    );
  });
  const path = "twinkle://run/weights/first";
  expect((await run("doctor", "--server", lesser.url)).stdout).toContain("| delete | absent |");
  const asked = lesser.seen.length;
  const refused = await run("delete", path, "--server", lesser.url);
  expect(refused).toMatchObject({ code: 1, stdout: "" });
  expect(refused.stderr).toContain("This server does not delete checkpoints. Found on ");
  expect(lesser.seen).toHaveLength(asked);
  await lesser.close();
});

test("arguments that a command has no use for are refused", async () => {
  for (const args of [
    ["runs", "x"],
    ["checkpoints", "a", "b"],
    ["doctor", "x"],
    ["models", "add", "bad"],
    ["serve", "--port", "abc"],
  ])
    expect(await run(...args)).toMatchObject({ code: 2, stdout: "" });
});

test("a web page, a server without the call and one without a list of models are told apart", async () => {
  const page = await scriptedUpstream(
    (_, response) =>
      void response
        .writeHead(200, { "content-type": "text/html" })
        .end("<html><title>Welcome</title></html>"),
  );
  const lesser = await scriptedUpstream((_, response) =>
    sendJson(response, { detail: "Not Found" }, 404),
  );
  expect(await run("doctor", "--server", page.url)).toMatchObject({
    code: 3,
    stderr: expect.stringContaining("There is no training server at this address.") as unknown,
  });
  expect(await run("runs", "--server", lesser.url)).toMatchObject({
    code: 1,
    stderr: "The server does not have the call for this: Not Found\n",
  });
  const nameless = await scriptedUpstream(({ url }, response) =>
    url === "/api/v1/healthz"
      ? sendJson(response, { status: "ok" })
      : sendJson(response, { detail: "Not Found" }, 404),
  );
  expect(await run("doctor", "--server", nameless.url)).toMatchObject({
    code: 1,
    stderr: "The server lists no model; name one with --base.\n",
  });
  await Promise.all([page, lesser, nameless].map((server) => server.close()));
});

test.each([
  ["has no such calls", 404, { detail: "Not Found" }],
  ["answers every call with something else", 200, { ok: true }],
])("doctor at a service that %s says that it is no training server", async (_, status, body) => {
  const other = await scriptedUpstream((_request, response) => sendJson(response, body, status));
  for (const flags of [[], ["--base", "a/b"]]) {
    const { code, stderr } = await run("doctor", "--server", other.url, ...flags);
    expect([flags, code]).toEqual([flags, 3]);
    expect(stderr).toContain("There is no training server at this address.");
  }
  await other.close();
});
