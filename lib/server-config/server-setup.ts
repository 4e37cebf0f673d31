import { invariant } from "@/lib/base/assert-never";
import { checkPlan } from "./check-plan";
import { machineCommands, serverUrl } from "./commands";
import { configYaml } from "./config-yaml";
import { countGpus, placeGpus } from "./place-gpus";
import type { ServerPlan, ServerSetup } from "./types";

/** Configuration and commands of a plan that {@link checkPlan} has nothing against. */
export function serverSetup(plan: ServerPlan): ServerSetup {
  invariant(checkPlan(plan).length === 0, "only a plan without problems gives a server");
  const nodes = placeGpus(plan);
  const [head = [], ...workers] = machineCommands(plan, nodes);
  const trainingGpus = countGpus(nodes, "training");
  const samplerGpus = countGpus(nodes, "sampler");
  return {
    config: configYaml(plan, nodes),
    head,
    workers,
    url: serverUrl(plan),
    ...{ trainingGpus, samplerGpus },
    idleGpus: plan.gpus * plan.machines - trainingGpus - samplerGpus,
    smallestBatch: Math.max(1, trainingGpus / (plan.tensorParallel * plan.pipelineParallel)),
  };
}
