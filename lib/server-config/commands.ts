import type { RayNode } from "./place-gpus";
import type { CommandPurpose, ServerPlan, SetupCommand } from "./types";

const RAY_PORT = 6379;
/** Twinkle wants a quarter of a node's CPUs to be at least eight before it puts a process there that uses no GPU. */
const CLAIMED_CPUS = 32;

/** The commands of each machine, the head's first. */
export function machineCommands(plan: ServerPlan, nodes: readonly RayNode[]): SetupCommand[][] {
  const machines = Array.from({ length: plan.machines }, (_, machine) => [
    step("install", installCommand(plan)),
    ...(needsPatches(plan) ? [step("patches", PATCHES)] : []),
    ...(plan.gpus > 0
      ? nodes.filter((node) => node.machine === machine).map((node) => rayStart(plan, node))
      : [
          step(
            "head",
            `ray start --head --port=${RAY_PORT} --num-cpus=${CLAIMED_CPUS} --num-gpus=0`,
          ),
        ]),
  ]);
  machines[0]?.push(
    step("check", "twinkle-server check-config --config server_config.yaml"),
    step("launch", "twinkle-server launch --config server_config.yaml"),
    step("health", `curl ${serverUrl(plan)}/api/v1/healthz`),
    step("doctor", `npm run -s studio -- doctor --server ${serverUrl(plan)}`),
  );
  return machines;
}

/** Where the studio reaches the server. */
export function serverUrl({ machines, headAddress, port }: ServerPlan): string {
  return `http://${machines > 1 ? headAddress : "127.0.0.1"}:${port}`;
}

function rayStart(plan: ServerPlan, { machine, role, gpus }: RayNode): SetupCommand {
  const isHead = machine === 0 && role === "training";
  const head = plan.machines > 1 ? plan.headAddress : "127.0.0.1";
  const where = isHead
    ? `--head --port=${RAY_PORT}${plan.machines > 1 ? ` --node-ip-address=${head}` : ""}`
    : `--address=${head}:${RAY_PORT}`;
  const visible = gpus.length < plan.gpus ? `CUDA_VISIBLE_DEVICES=${gpus.join(",")} ` : "";
  return step(
    isHead ? "head" : role === "sampler" ? "joinSampler" : "join",
    `${visible}ray start ${where} --num-gpus=${gpus.length}`,
  );
}

/** The server needs `tinker` (extra `client`) and its telemetry packages (`server`); vLLM comes with `rl`. */
function installCommand({ backend, sampler }: ServerPlan): string {
  const extras = ["client", "server"];
  if (sampler === "vllm") extras.push("rl");
  if (backend === "megatron") extras.push("megatron");
  const ray = sampler === "vllm" ? "" : " 'ray[serve]'";
  return `pip install 'twinkle-kit[${extras.join(",")}]==0.5.1'${ray}`;
}

/** Without a GPU, twinkle-kit itself neither trains nor samples; Python loads these patches at its start. */
const PATCHES = 'export PYTHONPATH="$PWD/e2e/servers/twinkle/shim"';

function needsPatches({ gpus, backend }: ServerPlan): boolean {
  return gpus === 0 && backend !== "mock";
}

function step(purpose: CommandPurpose, command: string): SetupCommand {
  return { purpose, command };
}
