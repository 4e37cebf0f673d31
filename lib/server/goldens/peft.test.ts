import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { afterAll, beforeAll, expect, test } from "vitest";

import { float32Tensor, int64Tensor, modelInputOf } from "@/lib/protocol/tensors";

import { ownerOf } from "../runs/owners";
import { ApiSession } from "../testing/api-session";
import { startTestServer, type TestServer } from "../testing/test-server";
import { writeTinyModel } from "../testing/tiny-model";
import { GOLDEN_RANK, goldenFolder, readGolden } from "./golden";

const BASE = "golden/qwen2";
const MAX_DIFFERENCE = 1e-3;
const golden = readGolden("qwen2");
const peftFolder = path.join(goldenFolder("qwen2"), "adapter");

let home: string;
let server: TestServer;
let api: ApiSession;
let run: string;

beforeAll(async () => {
  home = mkdtempSync(path.join(tmpdir(), "golden-"));
  // The tokenizer of the tiny model, and all else from the golden.
  writeTinyModel(home);
  cpSync(goldenFolder("qwen2"), home, { recursive: true });
  server = await startTestServer({ models: [{ name: BASE, directory: home }] });
  api = new ApiSession(server.port);
  run = await api.model({ baseModel: BASE, rank: GOLDEN_RANK });
});
afterAll(async () => {
  await server.dispose();
  rmSync(home, { recursive: true });
});

const weightsFolder = (name: string) =>
  path.join(
    ...[server.dataDir, "owners", ownerOf({ authorization: "Bearer token-a" })],
    ...["runs", run, "weights", name],
  );

/** Puts an adapter that PEFT saved among the run's checkpoints; its path. */
function placeAdapter(name: string, change: Record<string, unknown> = {}): string {
  const folder = weightsFolder(name);
  cpSync(peftFolder, folder, { recursive: true });
  const file = path.join(folder, "adapter_config.json");
  writeFileSync(file, JSON.stringify({ ...readConfig(peftFolder), ...change }));
  return `twinkle://${run}/weights/${name}`;
}

function readConfig(folder: string): Record<string, unknown> {
  const text = readFileSync(path.join(folder, "adapter_config.json"), "utf8");
  const config = JSON.parse(text) as { target_modules: string[] };
  return { ...config, target_modules: config.target_modules.sort() };
}

async function trainedLogprobs(from: string): Promise<number[][]> {
  const model = await api.model({ baseModel: BASE, rank: GOLDEN_RANK });
  await api.compute("load_weights", { model_id: model, path: from, optimizer: false });
  const data = golden.rows.map(({ tokens, targets }) => ({
    model_input: modelInputOf(tokens),
    loss_fn_inputs: {
      target_tokens: int64Tensor(targets),
      weights: float32Tensor(targets.map(() => 1)),
    },
  }));
  const result = await api.compute<{ loss_fn_outputs: { logprobs: { data: number[] } }[] }>(
    "forward",
    { model_id: model, forward_input: { data, loss_fn: "cross_entropy" } },
  );
  await api.compute("unload_model", { model_id: model });
  return result.loss_fn_outputs.map(({ logprobs }) => logprobs.data);
}

async function sampledLogprobs(from: string): Promise<number[][]> {
  const rows = golden.rows.map(async ({ tokens, targets }) => {
    const { prompt_logprobs: logprobs } = await api.compute<{ prompt_logprobs: number[] }>(
      "asample",
      {
        prompt: modelInputOf([...tokens, targets.at(-1)!]),
        sampling_params: { max_tokens: 1 },
        ...{ model_path: from, prompt_logprobs: true },
      },
    );
    return logprobs.slice(1);
  });
  return Promise.all(rows);
}

function expectClose(actual: number[][], expected: number[][]): void {
  expect(actual.map((row) => row.length)).toEqual(expected.map((row) => row.length));
  const differences = actual.flatMap((row, index) =>
    row.map((value, t) => Math.abs(value - expected[index]![t]!)),
  );
  expect(Math.max(...differences)).toBeLessThan(MAX_DIFFERENCE);
}

test("an adapter that PEFT saved gives PyTorch's log probabilities, in training and in sampling", async () => {
  const adapter = placeAdapter("peft");
  expectClose(await trainedLogprobs(adapter), golden.logprobs);
  expectClose(await sampledLogprobs(adapter), golden.logprobs);
});

test("an adapter with another scale means the same in training and in sampling", async () => {
  for (const change of [{ lora_alpha: 8 }, { lora_alpha: 8, use_rslora: true }]) {
    const adapter = placeAdapter(Object.keys(change).join("-"), change);
    expectClose(await trainedLogprobs(adapter), await sampledLogprobs(adapter));
  }
});

test("an adapter of PEFT's that is no plain LoRA adapter is not listed", async () => {
  placeAdapter("dora", { use_dora: true });
  placeAdapter("patterned", { rank_pattern: { q_proj: 8 } });
  placeAdapter("plain");
  const { body } = await api.get<{ checkpoints: { checkpoint_id: string }[] }>(
    `training_runs/${run}/checkpoints`,
  );
  const ids = body.checkpoints.map(({ checkpoint_id: id }) => id);
  expect(ids).toContain("weights/plain");
  expect(ids).not.toContain("weights/dora");
  expect(ids).not.toContain("weights/patterned");
});

test("the configuration of an adapter that we save has every field that PEFT writes", async () => {
  await api.compute("save_weights", { model_id: run, path: "ours" });
  expect(readConfig(weightsFolder("ours"))).toEqual(readConfig(peftFolder));
});
