import { describe, expect, test } from "vitest";
import { checkPlan } from "./check-plan";
import { DEFAULT_PLAN, samplersOf, usualSamplerGpus } from "./default-plan";
import { placeGpus } from "./place-gpus";
import { serverSetup } from "./server-setup";
import type { ServerPlan } from "./types";

function aPlan(changes: Partial<ServerPlan> = {}): ServerPlan {
  return { ...DEFAULT_PLAN, headAddress: "10.0.0.5", ...changes };
}

function commandsOf(plan: ServerPlan): string[][] {
  const { head, workers } = serverSetup(plan);
  return [head, ...workers].map((list) => list.map(({ command }) => command));
}

/** Values of a key, wherever it stands. */
function valuesOf(config: string, key: string): string[] {
  return [...config.matchAll(new RegExp(`\\b${key}: ([^,}\\n]+)`, "g"))].map(([, value]) =>
    String(value).trim(),
  );
}

describe("a server's configuration", () => {
  test("on one machine gives training and vLLM a Ray node of their own each", () => {
    const { config, smallestBatch, url } = serverSetup(aPlan());
    expect(commandsOf(aPlan())[0]).toEqual(
      expect.arrayContaining([
        "CUDA_VISIBLE_DEVICES=0,1,2,3 ray start --head --port=6379 --num-gpus=4",
        "CUDA_VISIBLE_DEVICES=4,5,6,7 ray start --address=127.0.0.1:6379 --num-gpus=4",
      ]),
    );
    expect(valuesOf(config, "ranks")).toEqual(["4", "4"]);
    expect(valuesOf(config, "gpus_per_worker")).toEqual(["4"]);
    expect(smallestBatch).toBe(4);
    expect(url).toBe("http://127.0.0.1:8000");
  });

  test("on several machines lets the last one answer, and listens where all of them reach it", () => {
    const plan = aPlan({ machines: 3, samplerGpus: 8, backend: "megatron", tensorParallel: 4 });
    const { config, smallestBatch, workers } = serverSetup(plan);
    expect(commandsOf(plan).map((list) => list.filter((line) => /ray start/.test(line)))).toEqual([
      ["ray start --head --port=6379 --node-ip-address=10.0.0.5 --num-gpus=8"],
      ["ray start --address=10.0.0.5:6379 --num-gpus=8"],
      ["ray start --address=10.0.0.5:6379 --num-gpus=8"],
    ]);
    expect(workers[1]?.at(-1)?.purpose).toBe("joinSampler");
    expect(valuesOf(config, "host")).toEqual(['"10.0.0.5"']);
    expect(config).toContain("dp_size: 4, tp_size: 4 }");
    expect(smallestBatch).toBe(4);
  });

  test("deploys first what needs the larger nodes, so that it finds them free", () => {
    const names = (plan: ServerPlan) => valuesOf(serverSetup(plan).config, "import_path");
    expect(names(aPlan({ gpus: 8, samplerGpus: 2 }))).toEqual(["server", "model", "sampler"]);
    expect(names(aPlan({ gpus: 3, samplerGpus: 2 }))).toEqual(["server", "sampler", "model"]);
  });

  test("takes the model from where it is said to be", () => {
    expect(valuesOf(serverSetup(aPlan()).config, "model_id")).toEqual([
      '"ms://Qwen/Qwen3-8B"',
      '"ms://Qwen/Qwen3-8B"',
    ]);
    const { config } = serverSetup(aPlan({ source: "/models/qwen", sampler: "none" }));
    expect(valuesOf(config, "model_id")).toEqual(['"/models/qwen"']);
  });

  test("loads no code that a request names, except where transformers could not train", () => {
    const count = (plan: ServerPlan) =>
      valuesOf(serverSetup(plan).config, "TWINKLE_TRUST_REMOTE_CODE").length;
    expect(count(aPlan({ backend: "megatron" }))).toBe(3);
    expect(count(aPlan({ backend: "transformers" }))).toBe(2);
  });

  test("without a GPU trains on the CPU with this project's patches, or computes nothing", () => {
    const cpu = aPlan({ gpus: 0, sampler: "torch" });
    expect(serverSetup(cpu).config).toContain("device_type: CPU");
    expect(commandsOf(cpu)[0]?.join("\n")).toContain("PYTHONPATH");
    const mock = aPlan({ gpus: 0, backend: "mock", sampler: "mock" });
    expect(serverSetup(mock).config).toContain("backend: mock");
    expect(commandsOf(mock)[0]?.join("\n")).not.toContain("PYTHONPATH");
  });

  test("never uses a GPU twice, and all training nodes have the same number", () => {
    for (const gpus of [1, 2, 3, 4, 6, 8])
      for (const machines of [1, 2, 3, 5])
        for (const samplerGpus of [1, 2, 4, 8]) {
          const plan = aPlan({ gpus, machines, samplerGpus });
          if (checkPlan(plan).length > 0) continue;
          const nodes = placeGpus(plan);
          const used = nodes.flatMap((node) => node.gpus.map((gpu) => `${node.machine}:${gpu}`));
          expect(new Set(used).size).toBe(used.length);
          expect(used.length + serverSetup(plan).idleGpus).toBe(gpus * machines);
          const training = nodes.filter(({ role }) => role === "training");
          expect(new Set(training.map((node) => node.gpus.length)).size).toBe(1);
          expect(training[0]?.machine).toBe(0);
        }
  });
});

test.each<[string, Partial<ServerPlan>, string]>([
  ["half a GPU", { gpus: 1.5 }, "not_whole"],
  ["no machine", { machines: 0 }, "too_small"],
  ["a rank that training does not hold", { maxRank: 64 }, "too_large"],
  ["a model without an owner", { model: "Qwen3-8B" }, "not_a_model"],
  ["a source that OmegaConf would fill in", { source: "/models/${oc.env:HOME}" }, "not_a_source"],
  ["a relative folder", { saveDir: "outputs" }, "not_a_folder"],
  ["machines that do not know the head", { machines: 2, headAddress: "" }, "no_head_address"],
  ["Megatron on the CPU", { gpus: 0, backend: "megatron" }, "backend_needs_gpus"],
  ["the mock on GPUs", { backend: "mock", sampler: "mock" }, "backend_takes_no_gpus"],
  [
    "two machines without GPUs",
    { gpus: 0, machines: 2, sampler: "torch" },
    "one_machine_without_gpus",
  ],
  ["vLLM on the CPU", { gpus: 0 }, "sampler_not_possible"],
  ["a sampler that the package names but lacks", { sampler: "torch" }, "sampler_not_possible"],
  ["an engine wider than a machine", { gpus: 4, samplerGpus: 8 }, "sampler_too_wide"],
  ["one GPU for training and vLLM", { gpus: 1, samplerGpus: 1 }, "no_gpu_left"],
  ["transformers cut by layers", { pipelineParallel: 2 }, "whole_model_on_each_gpu"],
  ["GPUs that make no whole copies", { backend: "megatron", tensorParallel: 3 }, "not_divisible"],
])("a plan with %s gives no server", (_name, changes, code) => {
  expect(checkPlan(aPlan(changes)).map((problem) => problem.code)).toContain(code);
});

test("what is usual for a number of GPUs always gives a server, from two on", () => {
  for (let gpus = 2; gpus <= 64; gpus++) {
    const plan = aPlan({ gpus, samplerGpus: usualSamplerGpus(gpus) });
    expect(checkPlan({ ...plan, sampler: samplersOf(plan.backend, gpus)[0] })).toEqual([]);
  }
});
