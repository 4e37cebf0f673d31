import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";

import { localModelsAnswer, type LocalModels } from "@/lib/protocol/local-models";

import { ApiSession, trainBody } from "../testing/api-session";
import { startHubStandIn, type HubStandIn } from "../testing/hub-stand-in";
import { startTestServer, type TestServer } from "../testing/test-server";
import { writeTinyModel } from "../testing/tiny-model";

let seed: string;
let hub: HubStandIn;
let server: TestServer;
let api: ApiSession;
const warnings: string[] = [];

beforeAll(async () => {
  seed = mkdtempSync(path.join(tmpdir(), "hub-seed-"));
  writeTinyModel(path.join(seed, "models", "test", "other"));
  // 40 kB of weights take long enough to be cancelled.
  hub = await startHubStandIn(["--seed", seed, "--rate", "100000"]);
});
afterAll(async () => {
  await hub.stop();
  rmSync(seed, { recursive: true, force: true });
});
beforeEach(async () => {
  warnings.length = 0;
  server = await startTestServer({
    hubEndpoint: hub.endpoint,
    warn: (sentence) => warnings.push(sentence),
  });
  api = new ApiSession(server.port);
});
afterEach(() => server.dispose());

const place = (...parts: string[]) => path.join(server.folder, "models", ...parts);

async function look(): Promise<LocalModels> {
  return localModelsAnswer.parse((await api.get("studio/models")).body);
}

async function supported(): Promise<string[]> {
  const { body } = await api.get<{ supported_models: { model_name: string }[] }>(
    "get_server_capabilities",
  );
  return body.supported_models.map(({ model_name: name }) => name);
}

const startDownload = (model: string) => api.post(`studio/models/${model}/download`, {});

test("weights are read at the first use and not before", async () => {
  const stateOf = async () => (await look()).served.find(({ name }) => name === "test/tiny")?.state;
  expect(await stateOf()).toBe("on_disk");
  await api.model();
  expect(await stateOf()).toBe("ready");
});

test("a folder that comes into the models folder is served without a restart, and trains", async () => {
  expect(await supported()).toEqual(["test/tiny"]);
  writeTinyModel(place("someone", "small"));
  writeTinyModel(place("alone"));
  expect(await supported()).toEqual(["test/tiny", "local/alone", "someone/small"]);
  const model = await api.model({ baseModel: "someone/small" });
  await api.compute("forward_backward", trainBody(model));
});

test("a folder that cannot be served says why, stops nothing, and is taken in once it is whole", async () => {
  writeTinyModel(place("someone", "half"));
  renameSync(place("someone", "half", "model.safetensors"), place("weights"));
  mkdirSync(place("someone", "strange"));
  writeFileSync(place("someone", "strange", "config.json"), '{"model_type":"mamba"}');
  const [half, strange] = (await look()).refused;
  expect(half).toEqual({
    name: "someone/half",
    reason: expect.stringContaining("has no model.safetensors") as string,
  });
  expect(strange?.reason).toContain('"mamba" is not supported');
  expect((await look()).refused).toHaveLength(2);
  expect(warnings).toHaveLength(2);

  renameSync(place("weights"), place("someone", "half", "model.safetensors"));
  expect(await supported()).toContain("someone/half");
  rmSync(place("someone", "strange"), { recursive: true });
  expect((await look()).refused).toEqual([]);
});

test("a folder that was named and is not there is told of, and served once it is", async () => {
  const directory = path.join(server.folder, "later");
  const named = await startTestServer({ models: [{ name: "someone/later", directory }] });
  const other = new ApiSession(named.port);
  const lookThere = async () => localModelsAnswer.parse((await other.get("studio/models")).body);
  try {
    await lookThere();
    expect((await lookThere()).refused).toMatchObject([{ name: "someone/later" }]);
    writeTinyModel(directory);
    expect((await lookThere()).served).toEqual([{ name: "someone/later", state: "on_disk" }]);
  } finally {
    await named.dispose();
  }
});

test("a download shows its progress, is served when it is there, and is there after a restart", async () => {
  expect((await look()).suggested).toEqual(["HuggingFaceTB/SmolLM2-135M-Instruct"]);
  expect((await startDownload("test/other")).status).toBe(200);
  await vi.waitFor(async () => {
    const { download } = await look();
    expect(download).toMatchObject({ model: "test/other", host: new URL(hub.endpoint).host });
    expect(download?.doneBytes).toBeGreaterThan(0);
    expect(download?.totalBytes).toBeGreaterThan(40_000);
  });
  const busy = await startDownload("test/else");
  expect(busy).toEqual({
    status: 409,
    body: { detail: "test/other is being downloaded; wait for it or cancel it." },
  });
  await vi.waitFor(async () => expect((await look()).download).toBeNull(), 5000);
  expect(await supported()).toContain("test/other");
  expect((await startDownload("test/other")).status).toBe(409);
  await api.model({ baseModel: "test/other" });

  server = await server.restart();
  api = new ApiSession(server.port);
  expect(await supported()).toContain("test/other");
});

test("a download that is cancelled is gone, and its bytes are gone on from", async () => {
  await startDownload("test/other");
  const partial = place("test", "other.partial", "model.safetensors");
  await vi.waitFor(() => expect(existsSync(partial)).toBe(true), 5000);
  const { status } = await api.call("DELETE", "studio/models/test/other/download");
  expect(status).toBe(200);
  expect((await look()).download).toBeNull();
  expect(await supported()).toEqual(["test/tiny"]);
  await startDownload("test/other");
  await vi.waitFor(async () => expect(await supported()).toContain("test/other"), 5000);
});

test("a download that fails says why until it is tried again or dismissed", async () => {
  await startDownload("test/none");
  await vi.waitFor(async () =>
    expect((await look()).download?.failure).toMatch(/^test\/none could not be downloaded\. /),
  );
  await api.call("DELETE", "studio/models/test/none/download");
  expect((await look()).download).toBeNull();
});
