import { afterAll, beforeAll, expect, test } from "vitest";
import { ApiSession } from "@/lib/server/testing/api-session";
import { startTestServer, type TestServer } from "@/lib/server/testing/test-server";
import { main } from "../main";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.dispose());

const SMALL = ["--batch", "2", "--length", "16", "--json"];

/** @param onProgress - called with each line on stderr */
async function bench(
  steps: number,
  { signal = new AbortController().signal, onProgress = (_line: string): void => undefined } = {},
) {
  let stdout = "";
  const code = await main(["bench", "--steps", String(steps), ...SMALL], {
    env: { TWINKLE_SERVER: `http://127.0.0.1:${server.port}`, TWINKLE_TOKEN: "tml-cli" },
    ...{ dataDir: server.folder, cwd: server.folder, signal },
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: onProgress },
  });
  return { code, value: JSON.parse(stdout) as Record<string, unknown> };
}

/** Checkpoints of all runs, and LoRA slots that are taken. */
async function leftOver() {
  const api = new ApiSession(server.port, "tml-cli");
  const { body } = await api.get<{ training_runs: { training_run_id: string }[] }>("training_runs");
  const checkpoints = await Promise.all(
    body.training_runs.map(async ({ training_run_id: id }) => {
      const path = `training_runs/${id}/checkpoints`;
      return (await api.get<{ checkpoints: unknown[] }>(path)).body.checkpoints;
    }),
  );
  const capacity = await api.get<{ used_loras: number }>("twinkle/capacity_info");
  return { checkpoints: checkpoints.flat(), slots: capacity.body.used_loras };
}

test("steps on random tokens are measured, and nothing is left on the server", async () => {
  const { code, value } = await bench(3);
  expect(code).toBe(0);
  expect(value).toMatchObject({ steps: 3, batch: 2, length: 16, baseModel: "test/tiny" });
  expect(value["msPerStep"]).toBeGreaterThan(0);
  expect(value["clientCpuMsPerStep"]).toBeGreaterThan(0);
  expect(await leftOver()).toEqual({ checkpoints: [], slots: 0 });
});

test("interrupted, it frees its slot all the same", async () => {
  const stopped = new AbortController();
  const onProgress = () => stopped.abort(new DOMException("Interrupted.", "AbortError"));
  const { code } = await bench(10_000, { signal: stopped.signal, onProgress });
  expect(code).toBe(130);
  expect(await leftOver()).toEqual({ checkpoints: [], slots: 0 });
});
