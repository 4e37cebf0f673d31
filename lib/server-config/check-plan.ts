import { samplersOf } from "./default-plan";
import { countGpus, placeGpus } from "./place-gpus";
import type { NumberField, PlanProblem, ServerPlan } from "./types";

/** Smallest and largest value of each number. Training holds adapters of rank 32 at most: its `max_r` cannot be set. */
export const PLAN_RULES: Record<NumberField, { min: number; max: number }> = {
  gpus: { min: 0, max: 64 },
  machines: { min: 1, max: 256 },
  tensorParallel: { min: 1, max: 1024 },
  pipelineParallel: { min: 1, max: 1024 },
  samplerGpus: { min: 1, max: 64 },
  maxLoras: { min: 1, max: 256 },
  maxRank: { min: 1, max: 32 },
  maxLength: { min: 16, max: 10_000_000 },
  batchTokens: { min: 16, max: 100_000_000 },
  port: { min: 1, max: 65_535 },
};

const MODEL = /^[\w.-]+\/[\w.-]+$/;
const SOURCE = /^((ms|hf):\/\/[\w.-]+\/[\w.-]+|\/[\w./ @+-]+)$/;
const FOLDER = /^\/[\w./ @+-]*$/;
const IP_ADDRESS = /^\d{1,3}(\.\d{1,3}){3}$/;

/** What stands against a plan; empty where it gives a server. Only what is right in itself is judged together. */
export function checkPlan(plan: ServerPlan): PlanProblem[] {
  const problems = [...checkNumbers(plan), ...checkTexts(plan)];
  return problems.length > 0 ? problems : checkTogether(plan);
}

function checkNumbers(plan: ServerPlan): PlanProblem[] {
  return (Object.keys(PLAN_RULES) as NumberField[]).flatMap((field): PlanProblem[] => {
    const { min, max } = PLAN_RULES[field];
    if (!Number.isInteger(plan[field])) return [{ code: "not_whole", field }];
    if (plan[field] < min) return [{ code: "too_small", field, min }];
    return plan[field] > max ? [{ code: "too_large", field, max }] : [];
  });
}

function checkTexts({ model, source, saveDir, machines, headAddress }: ServerPlan): PlanProblem[] {
  const problems: PlanProblem[] = [];
  if (!MODEL.test(model)) problems.push({ code: "not_a_model", field: "model" });
  if (source !== "" && !SOURCE.test(source))
    problems.push({ code: "not_a_source", field: "source" });
  if (!FOLDER.test(saveDir)) problems.push({ code: "not_a_folder", field: "saveDir" });
  if (machines > 1 && !IP_ADDRESS.test(headAddress))
    problems.push({ code: "no_head_address", field: "headAddress" });
  return problems;
}

function checkTogether(plan: ServerPlan): PlanProblem[] {
  const { backend, sampler, gpus, machines, tensorParallel, pipelineParallel } = plan;
  const problems: PlanProblem[] = [];
  if (backend === "megatron" && gpus === 0)
    problems.push({ code: "backend_needs_gpus", field: "gpus", backend });
  if (backend === "mock" && gpus > 0)
    problems.push({ code: "backend_takes_no_gpus", field: "gpus", backend });
  if (gpus === 0 && machines > 1)
    problems.push({ code: "one_machine_without_gpus", field: "machines" });
  const samplers = samplersOf(backend, gpus);
  if (!samplers.includes(sampler))
    problems.push({
      ...{ code: "sampler_not_possible", field: "sampler", sampler },
      possible: samplers.join(", "),
    });
  if (backend !== "megatron" && tensorParallel * pipelineParallel > 1)
    problems.push({
      code: "whole_model_on_each_gpu",
      field: tensorParallel > 1 ? "tensorParallel" : "pipelineParallel",
    });
  return problems.length > 0 || gpus === 0 ? problems : checkGpus(plan);
}

function checkGpus(plan: ServerPlan): PlanProblem[] {
  const { gpus, samplerGpus } = plan;
  if (plan.sampler === "vllm" && samplerGpus > gpus)
    return [{ code: "sampler_too_wide", field: "samplerGpus", samplerGpus, gpus }];
  const trainingGpus = countGpus(placeGpus(plan), "training");
  if (trainingGpus === 0) return [{ code: "no_gpu_left", field: "gpus", samplerGpus }];
  const by = plan.tensorParallel * plan.pipelineParallel;
  if (trainingGpus % by !== 0)
    return [{ code: "not_divisible", field: "tensorParallel", trainingGpus, by }];
  return [];
}
