import type { Backend, Sampler, ServerPlan } from "./types";

/** A plan that holds as it is: one machine with eight GPUs. */
export const DEFAULT_PLAN: ServerPlan = {
  model: "Qwen/Qwen3-8B",
  source: "",
  backend: "transformers",
  sampler: "vllm",
  gpus: 8,
  machines: 1,
  headAddress: "",
  tensorParallel: 1,
  pipelineParallel: 1,
  samplerGpus: 4,
  maxLoras: 5,
  maxRank: 32,
  maxLength: 8192,
  batchTokens: 32_768,
  port: 8000,
  saveDir: "/shared/twinkle",
};

/** The samplers that go with a backend, the usual one first. */
export function samplersOf(backend: Backend, gpus: number): [usual: Sampler, ...Sampler[]] {
  if (backend === "mock") return ["mock", "none"];
  return [gpus > 0 ? "vllm" : "torch", "none"];
}

/** Half of a machine's GPUs, rounded down to a power of two: vLLM divides the attention heads by their number. */
export function usualSamplerGpus(gpus: number): number {
  return gpus < 2 ? 1 : 2 ** Math.floor(Math.log2(gpus / 2));
}
