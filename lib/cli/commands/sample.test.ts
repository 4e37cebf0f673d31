import fs from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ApiSession } from "@/lib/server/testing/api-session";
import { startTestServer, type TestServer } from "@/lib/server/testing/test-server";
import { standBefore } from "@/lib/testing/stand-before";
import { main } from "../main";

interface Result {
  answers: { text: string; tokens: number[]; stopReason: string }[];
  parameters: Record<string, unknown>;
}

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({
    models: [{ name: "twinkle/spark", directory: path.resolve("lib/server/builtin/spark") }],
  });
});
afterAll(() => server.dispose());

async function run(env: Record<string, string>, ...args: string[]) {
  let [stdout, stderr] = ["", ""];
  const code = await main(args, {
    ...{ env, dataDir: path.join(server.folder, "cli"), cwd: server.folder },
    signal: new AbortController().signal,
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: (text) => (stderr += text) },
  });
  return { code, stdout, stderr };
}

const url = () => `http://127.0.0.1:${server.port}`;

async function sampled(...args: string[]): Promise<Result> {
  const { code, stdout, stderr } = await run(
    { TWINKLE_SERVER: url(), TWINKLE_TOKEN: "tml-cli" },
    ...["sample", ...args, "--json"],
  );
  expect(code, stderr).toBe(0);
  return JSON.parse(stdout) as Result;
}

test("a base model answers messages of a file, the same at temperature 0, and ends its turn", async () => {
  const messages = [{ role: "user", content: "What colour is the sky?" }];
  fs.writeFileSync(path.join(server.folder, "ask.json"), JSON.stringify(messages));
  const ask = ["--base", "twinkle/spark", "--messages", "ask.json", "--temperature", "0"];
  const first = await sampled(...ask);
  expect(first.answers).toHaveLength(1);
  expect(first.answers[0]).toMatchObject({ stopReason: "stop" });
  expect(first.answers[0]?.text).toMatch(/\w/);
  expect(first.answers[0]?.text).not.toContain("<|");
  expect(await sampled(...ask)).toEqual(first);
});

test("a checkpoint is asked by its path, for several answers with a seed", async () => {
  const api = new ApiSession(server.port, "tml-cli");
  const model = await api.model({ baseModel: "twinkle/spark" });
  const saved = await api.compute<{ path: string }>("save_weights", { model_id: model, path: "a" });
  const ask = ["--path", saved.path, "--prompt", "The", "-n", "3", "--seed", "7", "--stop", "."];
  const { answers, parameters } = await sampled(...ask, "--max-tokens", "12");
  expect(answers).toHaveLength(3);
  for (const { text, tokens } of answers) {
    expect(text).not.toContain(".");
    expect(tokens.length).toBeGreaterThan(0);
    expect(tokens.length).toBeLessThanOrEqual(12);
  }
  expect(parameters).toMatchObject({ path: saved.path, baseModel: "twinkle/spark", seed: 7 });
});

test("where only what was saved for the sampler is sampled, a copy is made once and asked in the place of a checkpoint", async () => {
  const api = new ApiSession(server.port, "tml-cli");
  const model = await api.model({ baseModel: "twinkle/spark" });
  const saved = await api.compute<{ path: string }>("save_weights", { model_id: model, path: "b" });
  const strict = await standBefore(url(), (call, body) =>
    call === "POST asample" && body.includes("/weights/")
      ? { status: 400, body: { detail: "only sampler weights can be sampled" } }
      : null,
  );
  const ask = ["--path", saved.path, "--prompt", "The", "--temperature", "0", "--max-tokens", "8"];
  try {
    const asIs = await sampled(...ask);
    const behind = ["--server", strict.url, "--token", "tml-cli"];
    for (let turn = 0; turn < 2; turn++) expect(await sampled(...ask, ...behind)).toEqual(asIs);
    const calls = strict.seen.map(({ path }) => path.replace("/api/v1/", ""));
    for (const call of ["create_model", "load_weights", "save_weights_for_sampler", "unload_model"])
      expect(calls.filter((seen) => seen === call)).toHaveLength(1);
    expect(calls.filter((call) => call === "asample")).toHaveLength(3);
  } finally {
    await strict.close();
  }
});

test("what cannot be asked is refused with a sentence and its code", async () => {
  const env = { TWINKLE_SERVER: url() };
  const refusal = async (...args: string[]) => {
    const { code, stderr } = await run(env, "sample", ...args);
    return [code, stderr.split("\n")[0]];
  };
  const base = ["--base", "twinkle/spark"];
  expect(await refusal(...base)).toEqual([2, "sample needs either --prompt or --messages."]);
  expect(await refusal(...base, "--prompt", "a", "--top-p", "2")).toEqual([
    2,
    '--top-p must be a number from 0.001 to 1, not "2".',
  ]);
  fs.writeFileSync(path.join(server.folder, "bad.json"), '{"role": "user"}');
  expect(await refusal(...base, "--messages", "bad.json")).toEqual([
    4,
    expect.stringContaining("bad.json must hold a list of messages"),
  ]);
});

test("connect keeps a server for the other commands, for its owner's eyes, and its token for that server alone", async () => {
  const connected = await run({}, "connect", url(), "--token", "tml-secret", "--json");
  expect(JSON.parse(connected.stdout)).toEqual({ serverUrl: url(), models: ["twinkle/spark"] });
  expect(connected.stdout + connected.stderr).not.toContain("tml-secret");
  const file = path.join(server.folder, "cli", "connection.json");
  expect(fs.statSync(file).mode & 0o777).toBe(0o600);

  const api = new ApiSession(server.port, "tml-secret");
  const model = await api.model({ baseModel: "twinkle/spark" });
  const listed = async (...args: string[]) => (await run({}, "runs", ...args)).stdout;
  expect(await listed()).toContain(model);
  const other = ["--server", `http://localhost:${server.port}`];
  expect(await listed(...other)).not.toContain(model);
  const env = { TWINKLE_SERVER: url(), TWINKLE_TOKEN: "tml-secret" };
  expect((await run(env, "runs")).stdout).toContain(model);
  expect((await run(env, "runs", ...other)).stdout).not.toContain(model);

  expect((await run({}, "connect", "http://127.0.0.1:9")).code).toBe(3);
  expect((await run({}, "connect")).stdout).toBe(`${url()}\n`);
  await run({}, "connect", "--forget");
  expect((await run({}, "connect")).stdout).toBe("No server is kept.\n");
});
