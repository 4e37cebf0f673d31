import { spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { pigLatinRows } from "@/lib/dataset/samples";
import { startTestServer, type TestServer } from "@/lib/server/testing/test-server";
import type { ScriptedUpstream } from "@/lib/testing/scripted-upstream";
import { standBefore } from "@/lib/testing/stand-before";
import { main } from "../main";

interface Result {
  runId: string;
  steps: number;
  firstLoss: number;
  lastLoss: number;
  valLoss: number;
  checkpoints: { path: string; step: number }[];
}

const TOKENIZER = path.resolve("lib/server/builtin/spark");
const FIELDS = ["--epochs", "2", "--batch", "4", "--save-every", "3"];

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ models: [{ name: "twinkle/spark", directory: TOKENIZER }] });
  fs.writeFileSync(
    path.join(server.folder, "pig.jsonl"),
    pigLatinRows().split("\n").slice(0, 40).join("\n"),
  );
});
afterAll(() => server.dispose());

const env = () => ({ TWINKLE_SERVER: `http://127.0.0.1:${server.port}`, TWINKLE_TOKEN: "tml-cli" });

async function run(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  let [stdout, stderr] = ["", ""];
  const code = await main(args, {
    ...{ env: env(), dataDir: server.folder, cwd: server.folder },
    signal: new AbortController().signal,
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: (text) => (stderr += text) },
  });
  return { code, stdout, stderr };
}

async function trained(...args: string[]): Promise<Result> {
  const { code, stdout, stderr } = await run("train", "pig.jsonl", ...FIELDS, ...args, "--json");
  expect(code, stderr).toBe(0);
  return JSON.parse(stdout) as Result;
}

/** The command as a process of its own, which meets `signal` once `count` steps are in its journal. */
async function interrupted(
  out: string,
  signal: NodeJS.Signals,
  count: number,
): Promise<number | null> {
  const args = ["train", "pig.jsonl", ...FIELDS, "--out", out, "--json"];
  const child = spawn(process.execPath, [path.resolve("scripts/studio.mjs"), ...args], {
    ...{ cwd: server.folder, stdio: "ignore" },
    env: { ...process.env, ...env(), INIT_CWD: server.folder },
  });
  const ended = new Promise<number | null>((resolve) => child.on("exit", resolve));
  while (child.exitCode === null && stepsIn(path.join(server.folder, out)) < count)
    await new Promise((resolve) => setTimeout(resolve, 5));
  child.kill(signal);
  return ended;
}

function stepsIn(folder: string): number {
  const names = fs.existsSync(folder) ? fs.readdirSync(folder) : [];
  const journal = names.find((name) => name.endsWith(".jsonl"));
  if (!journal) return 0;
  return fs.readFileSync(path.join(folder, journal), "utf8").split('"steps":[').length - 1;
}

test("a file becomes checkpoints, the loss falls, and the same command does not train twice", async () => {
  const result = await trained();
  expect(result).toMatchObject({ steps: 20 });
  expect(result.lastLoss).toBeLessThan(result.firstLoss);
  expect(result.checkpoints.map(({ step }) => step)).toEqual([3, 6, 9, 12, 15, 18, 20]);
  expect(await trained()).toEqual(result);
  const others = await trained("--server", env().TWINKLE_SERVER, "--token", "tml-other");
  expect(others.runId).not.toBe(result.runId);

  const runs = JSON.parse((await run("runs", "--json")).stdout) as { id: string }[];
  expect(runs.map(({ id }) => id)).toEqual([result.runId]);
  const listed = await run("checkpoints", result.runId);
  for (const { path } of result.checkpoints) expect(listed.stdout).toContain(path);
});

test("killed at any time, the same command comes to the very loss of a run that was left alone", async () => {
  const whole = await trained("--out", "whole");
  for (const count of [1, 8, 13]) expect(await interrupted("killed", "SIGKILL", count)).toBeNull();
  const result = await trained("--out", "killed");
  expect(result).toMatchObject({ steps: 20 });
  expect(result.lastLoss).toBe(whole.lastLoss);
  expect(result.valLoss).toBe(whole.valLoss);
}, 60_000);

test("Ctrl-C once saves a checkpoint, frees the slot and says so by its code", async () => {
  expect(await interrupted("paused", "SIGINT", 4)).toBe(130);
  const result = await trained("--out", "paused");
  expect(result.lastLoss).toBe((await trained("--out", "whole")).lastLoss);
  expect(fs.readdirSync(path.join(server.folder, "paused"))).toHaveLength(1);
}, 60_000);

test("a run goes on from another's newest checkpoint, with its optimizer or without", async () => {
  const { runId, lastLoss } = await trained();
  const further = await trained("--resume", runId, "--learning-rate", "1e-4");
  expect(further.firstLoss).toBeLessThan(2 * lastLoss);
  expect(await run("train", "pig.jsonl", "--resume", runId, "--rank", "4")).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("--rank must be 16, the rank of the checkpoint.") as string,
  });
});

test("where the server refuses the optimizer's state, the same command goes on from the weights alone, and so does the next", async () => {
  const { runId } = await trained();
  const strict = await refusingOptimizers();
  try {
    const resumed = (...args: string[]) =>
      run(
        ...["train", "pig.jsonl", "--resume", runId, "--epochs", "1", "--server", strict.url],
        ...["--token", "tml-cli", "--out", "strict", "--json", ...args],
      );
    const refused = await resumed();
    expect(refused.code).toBe(1);
    expect(refused.stdout).toContain("the same command goes on from the weights alone");
    for (const args of [[], ["--seed", "7"]]) {
      const { code, stdout, stderr } = await resumed(...args);
      expect(code, stderr).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({ steps: 5 });
      expect(stderr).toContain("The weights alone are loaded.");
    }
  } finally {
    await strict.close();
  }
});

/** The server, but for the state of optimizers. */
function refusingOptimizers(): Promise<ScriptedUpstream> {
  const error = "ValueError: loaded state dict contains a parameter group that doesn't match";
  return standBefore(env().TWINKLE_SERVER, (call, body) => {
    if (call === "POST load_weights" && body.includes('"optimizer":true'))
      return { body: { request_id: "refused" } };
    return body.includes('"refused"') ? { body: { error, category: "server" } } : null;
  });
}

test("wrong arguments, bad data and a server that is away each have their code and sentence", async () => {
  const sentence = async (...args: string[]) => {
    const { code, stderr } = await run(...args);
    return [code, stderr.split("\n").find((line) => !line.startsWith("Tokenizing"))];
  };
  expect(await sentence("train", "none.jsonl")).toEqual([
    2,
    expect.stringContaining("none.jsonl cannot be read: ENOENT"),
  ]);
  expect(await sentence("train", "pig.jsonl", "--epochs", "many")).toEqual([
    2,
    '--epochs must be a number, not "many".',
  ]);
  fs.writeFileSync(path.join(server.folder, "bad.jsonl"), '{"prompt": "a"}\n');
  expect(await sentence("train", "bad.jsonl")).toEqual([4, "No row of the file can be used."]);
  expect(await sentence("data", "a.parquet", "--tokenizer", TOKENIZER)).toEqual([
    4,
    "a.parquet is not a kind of file that can be read; write the rows as JSONL, JSON or CSV.",
  ]);
  const away = ["--server", "http://127.0.0.1:9", "--base", "twinkle/spark"];
  expect((await run("train", "pig.jsonl", "--tokenizer", TOKENIZER, ...away)).code).toBe(3);
});

test("where no row can be used, each bad line is told: to read, the first of many; as JSON, all of them", async () => {
  fs.writeFileSync(path.join(server.folder, "bad.jsonl"), '{"prompt": "a"}\nno\n'.repeat(15));
  for (const command of [
    ["data", "bad.jsonl", "--tokenizer", TOKENIZER],
    ["train", "bad.jsonl"],
  ]) {
    const { stdout, stderr, code } = await run(...command, "--json");
    expect(code).toBe(4);
    const told = stderr.slice(stderr.indexOf("No row")).trimEnd().split("\n");
    expect(told.slice(0, 3)).toEqual([
      "No row of the file can be used.",
      "Line 1: The row has no field completion. Add completion, or delete the row.",
      expect.stringMatching(/^Line 2: The line stops being JSON at character 1: /),
    ]);
    expect(told.slice(20)).toEqual([
      expect.stringMatching(/^Line 20: /),
      "10 more problems; --json lists all.",
    ]);
    const { error } = JSON.parse(stdout) as { error: string };
    expect(error.split("\n").map((line) => line.split(":")[0])).toEqual([
      "No row of the file can be used.",
      ...Array.from({ length: 30 }, (_, at) => `Line ${at + 1}`),
    ]);
  }
});

test("data counts rows and tokens, names what is wrong by its line, and dumps what would be trained", async () => {
  const [first] = pigLatinRows().split("\n");
  fs.writeFileSync(path.join(server.folder, "two.jsonl"), `${first}\n{"prompt": 1}\nno\n`);
  const { code, stdout } = await run(
    ...["data", "two.jsonl", "--tokenizer", TOKENIZER, "--dump", "dump.jsonl", "--json"],
  );
  expect(code).toBe(0);
  const facts = JSON.parse(stdout) as { tokens: number; trainedTokens: number };
  expect(facts).toMatchObject({
    ...{ format: "prompt_completion", rows: 3, valid: 1 },
    problems: [
      { line: 2, code: "missing_field" },
      { line: 3, code: "not_json", message: expect.stringContaining(". Look at") as string },
    ],
  });
  const row = JSON.parse(fs.readFileSync(path.join(server.folder, "dump.jsonl"), "utf8")) as {
    line: number;
    tokens: number[];
    weights: number[];
  };
  expect(row.line).toBe(1);
  expect(row.tokens).toHaveLength(facts.tokens);
  expect(row.weights.filter(Boolean)).toHaveLength(facts.trainedTokens);
});
