import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { afterAll, beforeAll, expect, test } from "vitest";

import { startLocalServer, type LocalServer } from "./local-server";
import { ApiSession } from "./testing/api-session";
import { writeTinyModel } from "./testing/tiny-model";

let folder: string;
let server: LocalServer;
let api: ApiSession;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "local-server-"));
  writeTinyModel(path.join(folder, "tiny"));
  server = await startLocalServer({
    port: 0,
    dataDir: path.join(folder, "data"),
    models: [{ name: "test/tiny", directory: path.join(folder, "tiny") }],
    hubEndpoint: "http://127.0.0.1:1",
    sessionTimeoutMs: 60_000,
    maxLoras: 3,
    threads: 1,
  });
  api = new ApiSession(server.port);
});

afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

test("a model is trained, saved, loaded and sampled", async () => {
  const id = await api.model();
  const first = await api.step(id);
  for (let i = 0; i < 10; i++) await api.step(id);
  expect(await api.step(id)).toBeLessThan(first);
  const saved = await api.compute<{ path: string }>("save_weights", {
    model_id: id,
    path: "after 12",
  });
  expect(saved).toEqual({ path: `twinkle://${id}/weights/after_12`, type: "save_weights" });
  const sample = await api.compute("asample", {
    prompt: { chunks: [{ tokens: [65, 66] }] },
    sampling_params: { max_tokens: 5, temperature: 0 },
    base_model: "test/tiny",
    model_path: saved.path,
  });
  expect(sample).toMatchObject({ type: "sample", sequences: [{ stop_reason: "length" }] });
});
