import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import { main } from "../main";

const folder = mkdtempSync(path.join(tmpdir(), "server-config-"));
afterAll(() => rmSync(folder, { recursive: true }));

async function run(...args: string[]): Promise<{ code: number; stdout: string }> {
  let stdout = "";
  const code = await main(["server-config", ...args], {
    ...{ env: {}, dataDir: folder, cwd: folder, signal: new AbortController().signal },
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: () => undefined },
  });
  return { code, stdout };
}

test("the configuration, and each machine's commands, are one JSON value", async () => {
  const { code, stdout } = await run(
    ...["--model", "Qwen/Qwen3-8B", "--gpus", "8", "--machines", "2", "--head", "10.0.0.5"],
    ...["--backend", "megatron", "--tensor-parallel", "4", "--json"],
  );
  expect(code).toBe(0);
  const value = JSON.parse(stdout) as { config: string; head: string[]; workers: string[][] };
  expect(value.config).toContain("backend: megatron");
  expect(value.head).toContain("twinkle-server launch --config server_config.yaml");
  expect(value.workers).toHaveLength(1);
});

test("--out writes the file", async () => {
  expect(await run("--model", "a/b", "--backend", "mock", "--out", "conf")).toMatchObject({
    code: 0,
  });
  expect(readFileSync(path.join(folder, "conf", "server_config.yaml"), "utf8")).toContain(
    "sampler_type: mock",
  );
});

test.each([
  [["--gpus", "8"], "Name the base model"],
  [["--model", "a/b", "--gpus", "-1"], "--gpus must be at least 0."],
  [["--model", "a/b", "--gpus", "eight"], "--gpus must be a whole number."],
  [["--model", "a/b", "--gpus", "1"], "none is left to train on"],
  [["--model", "a/b", "--sampler", "sglang"], "--sampler must be one of"],
  [["--model", "a/b", "--machines", "2"], "--head"],
])("%j ends with a sentence and exit code 2", async (args, sentence) => {
  const { code, stdout } = await run(...args, "--json");
  expect(code).toBe(2);
  expect((JSON.parse(stdout) as { error: string }).error).toContain(sentence);
});
