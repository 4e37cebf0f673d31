import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";

import { afterAll, beforeAll, expect, test } from "vitest";

import { ApiSession, trainBody } from "../testing/api-session";
import { startTestServer, type TestServer } from "../testing/test-server";

interface ListedRun {
  training_run_id: string;
  last_checkpoint: { checkpoint_id: string } | null;
}
interface ListedCheckpoint {
  checkpoint_id: string;
  tinker_path: string;
  size_bytes: number;
}

let server: TestServer;
let api: ApiSession;

beforeAll(async () => {
  server = await startTestServer({ maxLoras: 32 });
  api = new ApiSession(server.port);
});
afterAll(() => server.dispose());

const save = (id: string, name: string | null = null, route = "save_weights") =>
  api.compute<{ path: string }>(route, { model_id: id, path: name });
const checkpointsOf = async (id: string, session = api) =>
  (await session.get<{ checkpoints: ListedCheckpoint[] }>(`training_runs/${id}/checkpoints`)).body
    .checkpoints;
const idsOf = async (id: string) =>
  (await checkpointsOf(id)).map((checkpoint) => checkpoint.checkpoint_id);

function runFolder(id: string): string {
  const [owner = ""] = readdirSync(path.join(server.dataDir, "owners")).filter((hash) =>
    existsSync(path.join(server.dataDir, "owners", hash, "runs", id)),
  );
  return path.join(server.dataDir, "owners", owner, "runs", id);
}

test("a run is listed with what was told about it, newest change first and page by page", async () => {
  const own = new ApiSession(server.port, "lister");
  const first = await own.model();
  const second = await own.model();
  await own.step(first);
  const all = (await own.get<{ training_runs: ListedRun[]; cursor: object }>("training_runs")).body;
  expect(all.training_runs.map((run) => run.training_run_id)).toEqual([first, second]);
  expect(all.cursor).toEqual({ offset: 0, limit: 20, total_count: 2 });
  expect(all.training_runs[0]).toMatchObject({
    base_model: "test/tiny",
    lora_rank: 4,
    user_metadata: { name: "a run" },
  });
  const page = (await own.get<{ training_runs: ListedRun[] }>("training_runs?limit=1&offset=1"))
    .body;
  expect(page.training_runs.map((run) => run.training_run_id)).toEqual([second]);
  expect(
    (await own.get<{ training_runs: [] }>("training_runs?limit=0")).body.training_runs,
  ).toEqual([]);
  expect((await own.get<{ detail: string }>("training_runs?limit=x")).status).toBe(422);
  expect((await own.get("training_runs?offset=-1")).status).toBe(422);
  expect(first).toMatch(/^\d{8}_\d{6}-test_tiny-[0-9a-f]{8}$/);
});

test("the checkpoints of all runs are one list, newest first and page by page", async () => {
  const own = new ApiSession(server.port, "collector");
  const paths: string[] = [];
  for (const name of ["one", "two"]) {
    const run = await own.model();
    const body = { model_id: run, path: name };
    paths.unshift((await own.compute<{ path: string }>("save_weights", body)).path);
  }
  const { body } = await own.get<{ checkpoints: ListedCheckpoint[]; cursor: object }>(
    "checkpoints?limit=1&offset=1",
  );
  expect(body.checkpoints.map(({ tinker_path: path }) => path)).toEqual([paths[1]]);
  expect(body.cursor).toEqual({ offset: 1, limit: 1, total_count: 2 });
});

test("names are made safe, the same name replaces, nameless sampler saves are pruned to three", async () => {
  const id = await api.model();
  expect((await save(id, "my run/v1.0 你好")).path).toBe(
    `twinkle://${id}/weights/my_run_v1_0_你好`,
  );
  expect((await save(id, "..")).path).toBe(`twinkle://${id}/weights/__`);
  expect((await save(id, "x".repeat(300))).path).toBe(`twinkle://${id}/weights/${"x".repeat(200)}`);
  expect((await save(id)).path).toMatch(/weights\/\d{8}_\d{6}_[0-9a-f]{4}$/);
  await save(id, "..");
  expect(await idsOf(id)).toHaveLength(4);
  await save(id, "kept", "save_weights_for_sampler");
  const unnamed: string[] = [];
  for (let i = 0; i < 5; i++) unnamed.push((await save(id, null, "save_weights_for_sampler")).path);
  expect(new Set(unnamed).size).toBe(5);
  const samplers = (await checkpointsOf(id))
    .map((checkpoint) => checkpoint.tinker_path)
    .filter((text) => text.includes("sampler"));
  expect(samplers).toEqual([`twinkle://${id}/sampler_weights/kept`, ...unnamed.slice(2)]);
});

test("another token sees nothing and can change nothing", async () => {
  const id = await api.model();
  const { path: checkpoint } = await save(id, "mine");
  const other = new ApiSession(server.port, "token-b");
  expect((await other.get<{ training_runs: [] }>("training_runs")).body.training_runs).toEqual([]);
  for (const [method, route, body] of [
    ["GET", `training_runs/${id}`],
    ["GET", `training_runs/${id}/checkpoints`],
    ["DELETE", `training_runs/${id}/checkpoints/weights/mine`],
    ["POST", `training_runs/${id}/checkpoints/weights/mine/publish`],
    ["POST", "weights_info", { tinker_path: checkpoint }],
    ["POST", "get_info", { model_id: id }],
    ["POST", "forward_backward", trainBody(id)],
    ["POST", "unload_model", { model_id: id }],
    [
      "POST",
      "asample",
      { prompt: { chunks: [{ tokens: [1] }] }, sampling_params: {}, model_path: checkpoint },
    ],
  ] as const) {
    expect((await other.call(method, route, body && JSON.stringify(body))).status, route).toBe(404);
  }
  const theirs = await other.model();
  expect(
    await other.compute("load_weights", { model_id: theirs, path: checkpoint, optimizer: false }),
  ).toEqual({
    error: `Checkpoint not found or access denied: ${checkpoint}`,
    category: "user",
  });
  const future = (
    await api.post<{ request_id: string }>("forward", {
      model_id: id,
      forward_input: trainBody(id)["forward_backward_input"],
    })
  ).body;
  expect((await other.post("retrieve_future", { request_id: future.request_id })).status).toBe(404);
  expect(await idsOf(id)).toEqual(["weights/mine"]);
});

test("Twinkle-Authorization says who owns, whatever Authorization holds", async () => {
  const id = await api.model();
  const both = new ApiSession(server.port, "hub-token", {
    "Twinkle-Authorization": "Bearer token-a",
  });
  expect((await both.get(`training_runs/${id}`)).status).toBe(200);
  const files = readdirSync(server.dataDir, { recursive: true, encoding: "utf8" });
  expect(files.filter((file) => file.includes("token"))).toEqual([]);
  const runJson = readFileSync(path.join(runFolder(id), "run.json"), "utf8");
  expect(runJson).not.toContain("token-a");
});

test("the plain Tinker SDK's key says who owns, and its paths are spelled as it takes them", async () => {
  const call = async (path: string, headers: object, body?: object) => {
    const init = body ? { method: "POST", body: JSON.stringify(body) } : {};
    const sent = { "Content-Type": "application/json", ...headers };
    const response = await fetch(`${api.base}/${path}`, { ...init, headers: sent });
    return (await response.json()) as unknown;
  };
  const own = new ApiSession(server.port, "tml-key");
  const run = await own.model();
  const saved = await own.compute<{ path: string }>("save_weights", { model_id: run, path: "a" });
  expect(saved.path).toBe(`twinkle://${run}/weights/a`);
  const tinker_path = `tinker://${run}/weights/a`;
  const plain = { "X-API-Key": "tml-key" };
  expect(await call(`training_runs/${run}/checkpoints`, plain)).toMatchObject({
    checkpoints: [{ tinker_path }],
  });
  expect(await call("weights_info", plain, { tinker_path })).toMatchObject({ lora_rank: 4 });
  const patched = { ...plain, "Twinkle-Authorization": "Bearer tml-key" };
  expect(await call(`training_runs/${run}/checkpoints`, patched)).toMatchObject({
    checkpoints: [{ tinker_path: saved.path }],
  });
});

test("a checkpoint is downloaded as an archive by a link that needs no token", async () => {
  const run = await api.model();
  await save(run, "packed");
  const archive = `training_runs/${run}/checkpoints/weights/packed/archive`;
  expect((await new ApiSession(server.port, "other").get(archive)).status).toBe(404);
  const asked = await fetch(`${api.base}/${archive}`, { headers: api.headers, redirect: "manual" });
  expect(asked.status).toBe(302);
  expect(Date.parse(asked.headers.get("expires") ?? "")).toBeGreaterThan(Date.now());
  const link = asked.headers.get("location") ?? "";
  const download = await fetch(link);
  expect(download.headers.get("content-type")).toBe("application/x-tar");
  const files = execFileSync("tar", ["-tf", "-"], { input: await download.bytes() });
  expect(files.toString().split("\n")).toContain("adapter_model.safetensors");
  await api.call("DELETE", `training_runs/${run}/checkpoints/weights/packed`);
  expect((await fetch(link)).status).toBe(404);
  expect((await fetch(`${api.base}/archives/unknown`)).status).toBe(404);
});

test("a checkpoint is deleted by its whole id only", async () => {
  const id = await api.model();
  await save(id, "a");
  await save(id, "b");
  expect((await api.call("DELETE", `training_runs/${id}/checkpoints/weights`)).status).toBe(400);
  expect(await api.call("DELETE", `training_runs/${id}/checkpoints/weights%2Fa`)).toEqual({
    status: 200,
    body: null,
  });
  expect(await api.call("DELETE", `training_runs/${id}/checkpoints/weights/a`)).toEqual({
    status: 404,
    body: { detail: `Checkpoint weights/a not found for run ${id}` },
  });
  expect((await api.call("DELETE", `training_runs/${id}/checkpoints/weights/..`)).status).not.toBe(
    200,
  );
  expect(await idsOf(id)).toEqual(["weights/b"]);
});

test("training goes on from a checkpoint as if it had never stopped", async () => {
  const id = await api.model();
  for (let i = 0; i < 3; i++) await api.step(id);
  const { path: checkpoint } = await save(id, "three");
  const onwards = [await api.step(id), await api.step(id), await api.step(id)];
  const resumed = await api.model();
  const loaded = await api.compute("load_weights", {
    model_id: resumed,
    path: checkpoint,
    optimizer: true,
  });
  expect(loaded).toEqual({ path: checkpoint, type: "load_weights" });
  expect([await api.step(resumed), await api.step(resumed), await api.step(resumed)]).toEqual(
    onwards,
  );
});

test("a checkpoint that does not fit is refused and the model goes on", async () => {
  const id = await api.model();
  const loss = await api.step(id, 0);
  const { path: sampler } = await save(id, "s", "save_weights_for_sampler");
  const wide = await api.model({ rank: 8 });
  const load = (model_id: string, from: string, optimizer = false) =>
    api.compute<{ error?: string }>("load_weights", { model_id, path: from, optimizer });
  expect((await load(wide, sampler)).error).toBe(
    "The checkpoint has rank 4 and the model rank 8; create a model with rank 4.",
  );
  expect((await load(id, sampler, true)).error).toContain("without optimizer state");
  expect(
    (await api.post("load_weights", { model_id: id, path: "some/repo", optimizer: false })).status,
  ).toBe(400);
  expect(await api.step(id, 0)).toBe(loss);
  expect((await api.post("weights_info", { tinker_path: sampler })).body).toMatchObject({
    base_model: "test/tiny",
    lora_rank: 4,
  });
});

test("adapters are written in PEFT's format", async () => {
  const id = await api.model();
  await save(id, "peft");
  const folder = path.join(runFolder(id), "weights", "peft");
  expect(readdirSync(folder).sort()).toEqual([
    "adapter_config.json",
    "adapter_model.safetensors",
    "checkpoint.json",
    "optimizer.safetensors",
  ]);
  expect(JSON.parse(readFileSync(path.join(folder, "adapter_config.json"), "utf8"))).toMatchObject({
    peft_type: "LORA",
    task_type: "CAUSAL_LM",
    base_model_name_or_path: "test/tiny",
    r: 4,
    lora_alpha: 32,
    target_modules: ["down_proj", "gate_proj", "k_proj", "o_proj", "q_proj", "up_proj", "v_proj"],
    inference_mode: true,
    bias: "none",
  });
  const header = readFileSync(path.join(folder, "adapter_model.safetensors"), "latin1");
  expect(header).toContain("base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight");
});

test("a restart lists everything, drops half-written saves and puts back what was being replaced", async () => {
  const id = await api.model();
  await api.step(id);
  for (const name of ["whole", "cut", "factless", "replaced"]) await save(id, name);
  const folder = path.join(runFolder(id), "weights");
  const deadPid = 2 ** 22 - 3;
  truncateSync(path.join(folder, "cut", "adapter_model.safetensors"), 100);
  rmSync(path.join(folder, "factless", "checkpoint.json"));
  truncateSync(path.join(folder, "factless", "adapter_model.safetensors"), 4000);
  renameSync(path.join(folder, "replaced"), path.join(folder, `.replaced-${deadPid}-replaced`));
  mkdirSync(path.join(folder, `.saving-${deadPid}-torn`));
  writeFileSync(path.join(folder, `.saving-${deadPid}-torn`, "adapter_model.safetensors"), "half");

  server = await server.restart();
  api = new ApiSession(server.port);
  expect(await idsOf(id)).toEqual(["weights/whole", "weights/replaced"]);
  expect(readdirSync(folder).filter((name) => name.startsWith("."))).toEqual([]);
  expect(await api.post("get_info", { model_id: id })).toEqual({
    status: 404,
    body: { detail: `Model ${id} not found` },
  });
  const run = (await api.get<ListedRun>(`training_runs/${id}`)).body;
  expect(run.last_checkpoint?.checkpoint_id).toBe("weights/replaced");
});
