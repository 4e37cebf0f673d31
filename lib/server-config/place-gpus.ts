import type { ServerPlan } from "./types";

/** One `ray start`. Twinkle places each application on nodes of its own, so a shared machine holds two. */
export interface RayNode {
  /** From 0, the head. */
  machine: number;
  role: "training" | "sampler";
  /** Numbers of the machine's GPUs. */
  gpus: number[];
}

/**
 * Which GPUs train and which answer. With vLLM the last machine answers: on GPUs that every machine leaves free, or as
 * a machine of its own, whichever lets more GPUs train (all training nodes must have the same number).
 *
 * @see twinkle-kit 0.5.1 `twinkle/infra/_ray/resource_manager.py`: `nproc_per_node` GPUs are reserved on each node, and
 *   a node's first GPUs are used, whoever else is there
 */
export function placeGpus(plan: ServerPlan): RayNode[] {
  const { gpus, machines } = plan;
  const samplerGpus = plan.sampler === "vllm" ? plan.samplerGpus : 0;
  const isApart = samplerGpus > 0 && (machines - 1) * gpus >= machines * (gpus - samplerGpus);
  const training = isApart ? gpus : gpus - samplerGpus;
  const nodes = Array.from(
    { length: isApart ? machines - 1 : machines },
    (_, machine): RayNode => ({
      ...{ machine, role: "training", gpus: range(0, training) },
    }),
  );
  if (samplerGpus > 0)
    nodes.push({
      machine: machines - 1,
      role: "sampler",
      gpus: range(isApart ? 0 : training, samplerGpus),
    });
  return nodes.filter((node) => node.gpus.length > 0);
}

/** How many GPUs the nodes of a role have together. */
export function countGpus(nodes: readonly RayNode[], role: RayNode["role"]): number {
  return nodes.reduce((sum, node) => sum + (node.role === role ? node.gpus.length : 0), 0);
}

function range(first: number, length: number): number[] {
  return Array.from({ length }, (_, index) => first + index);
}
