import { readdirSync } from "node:fs";
import path from "node:path";

import { afterAll, beforeAll, expect, test } from "vitest";

import { ApiSession } from "../testing/api-session";
import { startTestServer, type TestServer } from "../testing/test-server";

let server: TestServer;
let api: ApiSession;
let id: string;

beforeAll(async () => {
  server = await startTestServer();
  api = new ApiSession(server.port);
  id = await api.model();
});
afterAll(() => server.dispose());

test.each([
  "../../escape",
  "..",
  ".",
  "/etc/passwd",
  "a/b",
  "a\\b",
  "C:\\x",
  "a\0b",
  "%2e%2e%2f",
  "CON",
  "nul",
  "com1.txt",
  "name.",
  " name ",
  "",
  "x".repeat(10_000),
  "日本語".repeat(200),
  "\u202e\ud800",
])("a checkpoint named %j stays in its run's folder", async (name) => {
  const { path: savedAt } = await api.compute<{ path: string }>("save_weights", {
    ...{ model_id: id, path: name },
  });
  const [, made = ""] = /^twinkle:\/\/[^/]+\/weights\/([^/]+)$/.exec(savedAt) ?? [];
  const [owner = ""] = readdirSync(path.join(server.dataDir, "owners")).filter((hash) =>
    readdirSync(path.join(server.dataDir, "owners", hash, "runs")).includes(id),
  );
  const run = path.join(server.dataDir, "owners", owner, "runs", id);
  expect(readdirSync(path.join(run, "weights"))).toContain(made);
  expect(readdirSync(run).sort()).toEqual(["run.json", "weights"]);
  expect(Buffer.byteLength(made)).toBeLessThanOrEqual(200);
  expect(made).not.toMatch(/^(con|prn|aux|nul|com\d|lpt\d)$/i);
  expect(made).not.toMatch(/[^\p{L}\p{N}_-]/u);
  const load = { model_id: id, path: savedAt, optimizer: true };
  expect(await api.compute("load_weights", load)).toMatchObject({ type: "load_weights" });
});

test.each([
  "training_runs/..%2f..%2f..%2fetc",
  "training_runs/%2e%2e",
  "training_runs/%00",
  `training_runs/${"x".repeat(5000)}`,
  "training_runs/CON",
  "training_runs/RUN/checkpoints/weights/..%2f..%2frun.json",
  "training_runs/RUN/checkpoints/weights/%2e%2e",
  "training_runs/RUN/checkpoints/weights",
  "training_runs/RUN/checkpoints/..",
  "training_runs/RUN/checkpoints/weights%2f..",
  "studio/models/test/tiny/..%2f..%2fdata",
  "studio/models/..%2f../tiny/config.json",
  "samplers/%2e%2e",
  "sessions/__proto__",
  "archives/..",
  "%",
  "%ff",
])("%s is nobody's path", async (trick) => {
  const path = trick.replace("RUN", id);
  for (const method of ["GET", "DELETE"]) {
    const { status, body } = await api.call<{ detail: string }>(method, path);
    expect([400, 404, 405]).toContain(status);
    expect(body.detail).toMatch(/\w+/);
  }
  expect((await api.get(`training_runs/${id}`)).status).toBe(200);
});
