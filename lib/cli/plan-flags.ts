import { DEFAULT_PLAN, samplersOf, usualSamplerGpus } from "@/lib/server-config/default-plan";
import { numberOf } from "@/lib/server-config/plan-draft";
import { BACKENDS, SAMPLERS, type PlanProblem, type ServerPlan } from "@/lib/server-config/types";
import { UsageError } from "./command";
import { parseFlags } from "./flags";

const FIELD_OF_FLAG = {
  model: "model",
  source: "source",
  backend: "backend",
  sampler: "sampler",
  gpus: "gpus",
  machines: "machines",
  head: "headAddress",
  "tensor-parallel": "tensorParallel",
  "pipeline-parallel": "pipelineParallel",
  "sampler-gpus": "samplerGpus",
  "max-loras": "maxLoras",
  "max-rank": "maxRank",
  "max-length": "maxLength",
  "batch-tokens": "batchTokens",
  port: "port",
  "save-dir": "saveDir",
} as const satisfies Record<string, keyof ServerPlan>;
type Flag = keyof typeof FIELD_OF_FLAG;

/**
 * The plan of `server-config`'s flags over the defaults, unchecked, and the folder of `--out`.
 *
 * @throws UsageError for a flag that does not exist, and for a choice that is none
 */
export function readPlan(args: readonly string[]): { plan: ServerPlan; out: string | undefined } {
  const { out, ...flags } = readFlags(args);
  return { plan: planOf(flags), out };
}

/** What is wrong with a plan, in terms of the flags. */
export function planSentence(problem: PlanProblem): string {
  const flag = flagOf(problem.field);
  switch (problem.code) {
    case "not_whole":
      return `${flag} must be a whole number.`;
    case "too_small":
      return `${flag} must be at least ${problem.min}.`;
    case "too_large":
      return `${flag} must be at most ${problem.max}.`;
    case "not_a_model":
      return `${flag} must have the form OWNER/NAME.`;
    case "not_a_source":
      return `${flag} must be ms://OWNER/NAME, hf://OWNER/NAME or an absolute folder.`;
    case "not_a_folder":
      return `${flag} must be an absolute folder.`;
    case "no_head_address":
      return `Several machines need ${flag}: the first machine's IP address, under which the others reach it.`;
    case "backend_needs_gpus":
      return `The ${problem.backend} backend needs GPUs.`;
    case "backend_takes_no_gpus":
      return `The ${problem.backend} backend computes nothing: plan it with --gpus 0.`;
    case "one_machine_without_gpus":
      return "Without GPUs the server is a trial on one machine.";
    case "sampler_not_possible":
      return `The ${problem.sampler} sampler does not go with this backend and these GPUs; possible are ${problem.possible}.`;
    case "sampler_too_wide":
      return `One vLLM engine cannot have ${problem.samplerGpus} GPUs: they must be on one machine, which has ${problem.gpus}.`;
    case "no_gpu_left":
      return `vLLM takes ${problem.samplerGpus} GPUs for itself, and none is left to train on. Add GPUs or machines, or choose --sampler none.`;
    case "whole_model_on_each_gpu":
      return "With transformers each GPU holds the whole model; to spread it over several, choose --backend megatron.";
    case "not_divisible":
      return `${problem.trainingGpus} GPUs train, which cannot be divided into copies of the model of ${problem.by} GPUs each.`;
  }
}

function readFlags(args: readonly string[]): Partial<Record<Flag | "out", string>> {
  const names = [...Object.keys(FIELD_OF_FLAG), "out"];
  const options = Object.fromEntries(names.map((name) => [name, { type: "string" } as const]));
  const { positionals, values } = parseFlags(args, options);
  if (positionals.length > 0) throw new UsageError("server-config takes flags only.");
  return values;
}

function planOf(flags: Partial<Record<Flag, string>>): ServerPlan {
  if (flags.model === undefined) throw new UsageError("Name the base model with --model.");
  const given = Object.fromEntries(
    Object.entries(flags).map(([flag, text]) => {
      const field = FIELD_OF_FLAG[flag as Flag];
      return [field, typeof DEFAULT_PLAN[field] === "number" ? numberOf(text) : text];
    }),
  ) as Partial<ServerPlan>;
  const backend = choice("backend", given.backend, BACKENDS) ?? DEFAULT_PLAN.backend;
  const gpus = given.gpus ?? (backend === "mock" ? 0 : DEFAULT_PLAN.gpus);
  const sampler = choice("sampler", given.sampler, SAMPLERS) ?? samplersOf(backend, gpus)[0];
  return { ...DEFAULT_PLAN, samplerGpus: usualSamplerGpus(gpus), ...given, backend, gpus, sampler };
}

function choice<Value extends string>(
  flag: string,
  text: string | undefined,
  choices: readonly Value[],
): Value | undefined {
  const found = choices.find((value) => value === text);
  if (text !== undefined && found === undefined)
    throw new UsageError(`--${flag} must be one of ${choices.join(", ")}, not "${text}".`);
  return found;
}

function flagOf(field: keyof ServerPlan): string {
  const found = Object.entries(FIELD_OF_FLAG).find(([, name]) => name === field);
  return `--${found?.[0] ?? field}`;
}
