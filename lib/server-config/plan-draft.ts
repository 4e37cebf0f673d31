import { checkPlan, PLAN_RULES } from "./check-plan";
import { DEFAULT_PLAN, samplersOf, usualSamplerGpus } from "./default-plan";
import type { Backend, NumberField, PlanProblem, Sampler, ServerPlan } from "./types";

/** What the server computes on: GPUs, the CPU to try it, or nothing at all, to try the calls alone. */
export const HARDWARE = ["gpu", "cpu", "mock"] as const;
export type Hardware = (typeof HARDWARE)[number];

/** The form: numbers as they are typed. An empty `samplerGpus` stands for what is usual. */
export interface PlanDraft
  extends
    Record<NumberField, string>,
    Pick<ServerPlan, "model" | "source" | "headAddress" | "saveDir"> {
  hardware: Hardware;
  backend: Exclude<Backend, "mock">;
  sampler: Extract<Sampler, "vllm" | "none">;
}

const NUMBERS = Object.keys(PLAN_RULES) as NumberField[];

export const DEFAULT_DRAFT: PlanDraft = {
  ...DEFAULT_PLAN,
  ...(Object.fromEntries(NUMBERS.map((field) => [field, String(DEFAULT_PLAN[field])])) as Record<
    NumberField,
    string
  >),
  ...{ hardware: "gpu", backend: "transformers", sampler: "vllm", samplerGpus: "" },
};

/** The plan that a draft says, and what stands against it. */
export function planOf(draft: PlanDraft): { plan: ServerPlan; problems: PlanProblem[] } {
  const { hardware, ...texts } = draft;
  const numbers = Object.fromEntries(
    NUMBERS.map((field) => [field, numberOf(draft[field])]),
  ) as Record<NumberField, number>;
  if (draft.samplerGpus === "") numbers.samplerGpus = usualSamplerGpus(numbers.gpus);
  const plan = { ...texts, ...numbers, ...fixedBy(draft) };
  const problems = checkPlan(plan);
  return hardware === "gpu" && plan.gpus === 0
    ? { plan, problems: [{ code: "too_small", field: "gpus", min: 1 }] }
    : { plan, problems };
}

/** Not a number for an empty text too. */
export function numberOf(text: string): number {
  return text.trim() === "" ? NaN : Number(text);
}

/** What a choice leaves no room for, so that no hidden field stands against the plan. */
function fixedBy({ hardware, backend, sampler }: PlanDraft): Partial<ServerPlan> {
  const { samplerGpus, maxRank, maxLength, tensorParallel, pipelineParallel } = DEFAULT_PLAN;
  if (hardware !== "gpu") {
    const trial = hardware === "mock" ? "mock" : "transformers";
    return {
      ...{ backend: trial, sampler: samplersOf(trial, 0)[0], gpus: 0, machines: 1 },
      ...{ samplerGpus, maxRank, maxLength, tensorParallel, pipelineParallel },
    };
  }
  return {
    ...(backend === "transformers" && { tensorParallel, pipelineParallel }),
    ...(sampler === "none" && { samplerGpus, maxRank, maxLength }),
  };
}
