import { countGpus, type RayNode } from "./place-gpus";
import type { ServerPlan } from "./types";

/** A user may send a hundred requests a second, as Twinkle has it, and this many tokens. */
const TOKENS_PER_SECOND = 100_000;
/** The studio's heartbeat comes every ten seconds; a slot is free this long after the last one. */
const ADAPTER_TIMEOUT_S = 120;

/**
 * The text of `server_config.yaml`: only fields that differ from twinkle-kit's own defaults.
 *
 * @see twinkle-kit 0.5.1 `twinkle/server/config/application_spec.py`, which refuses every field that it does not know
 */
export function configYaml(plan: ServerPlan, nodes: readonly RayNode[]): string {
  const trainsFirst = perNode(nodes, "training") >= perNode(nodes, "sampler");
  const applications = [
    ...(plan.sampler === "none" ? [] : [samplerApplication(plan, nodes)]),
    modelApplication(plan, nodes),
  ];
  // The application that needs the larger nodes takes them before the other one can.
  if (trainsFirst) applications.reverse();
  return `# Twinkle Server, as twinkle-kit 0.5.1 reads it
http_options:
  host: ${listenAddress(plan)}
  port: ${plan.port}
proxy_location: HeadOnly
applications:
  - name: server
    route_prefix: /api/v1
    import_path: server
    args:
      supported_models:
        - ${quoted(plan.model)}
${deployment(plan, "GatewayServer")}
${applications.join("\n")}
`;
}

/** The gateway calls the other applications under this address, from whichever machine it runs on. */
function listenAddress({ gpus, machines, headAddress }: ServerPlan): string {
  if (machines > 1) return quoted(headAddress);
  return gpus > 0 ? "0.0.0.0" : "127.0.0.1";
}

function modelApplication(plan: ServerPlan, nodes: readonly RayNode[]): string {
  const { model, backend, tensorParallel, pipelineParallel } = plan;
  const ranks = plan.gpus > 0 ? countGpus(nodes, "training") : 1;
  const dp = ranks / (tensorParallel * pipelineParallel);
  return `  - name: model
    route_prefix: ${quoted(`/api/v1/model/${model}`)}
    import_path: model
    args:
      backend: ${backend}
      model_id: ${quoted(modelId(plan))}
      max_loras: ${plan.maxLoras}
      max_length: ${plan.batchTokens} # tokens of one copy's samples together
      nproc_per_node: ${perNode(nodes, "training") || 1}
      device_group: { name: model, ranks: ${ranks}, device_type: ${device(plan)} }
      device_mesh: { device_type: ${device(plan)}, ${sizes({ dp, tp: tensorParallel, pp: pipelineParallel })} }
      adapter_config:
        adapter_timeout: ${ADAPTER_TIMEOUT_S}
${queue(plan.batchTokens)}
${deployment(plan, "ModelManagement")}`;
}

function samplerApplication(plan: ServerPlan, nodes: readonly RayNode[]): string {
  const ranks = countGpus(nodes, "sampler") || 1;
  // One engine over all of them: with two, a request for a single answer is refused.
  const perWorker = ranks > 1 ? `, gpus_per_worker: ${ranks}` : "";
  const engine = `
      engine_args:
        max_model_len: ${plan.maxLength}
        enable_lora: true
        max_loras: ${plan.maxLoras}
        max_lora_rank: ${plan.maxRank}`;
  return `  - name: sampler
    route_prefix: ${quoted(`/api/v1/sampler/${plan.model}`)}
    import_path: sampler
    args:
      sampler_type: ${plan.sampler}
      model_id: ${quoted(modelId(plan))}${plan.sampler === "vllm" ? engine : ""}
      nproc_per_node: ${ranks}
      device_group: { name: sampler, ranks: ${ranks}${perWorker}, device_type: ${device(plan)} }
      device_mesh: { device_type: ${device(plan)}, ${sizes({ dp: 1, tp: ranks, pp: 1 })} }
${queue(plan.maxLength)}
${deployment(plan, "SamplerManagement")}`;
}

function queue(tokensOfRequest: number): string {
  return `      queue_config:
        tps_limit: ${Math.max(TOKENS_PER_SECOND, tokensOfRequest)}
        max_input_tokens: ${tokensOfRequest}`;
}

function deployment(plan: ServerPlan, name: string): string {
  const isTransformers = plan.backend === "transformers" && name === "ModelManagement";
  const env: Record<string, string> = {
    TWINKLE_DEFAULT_SAVE_DIR: plan.saveDir,
    // No code that a request names is loaded. Transformers cannot train so: it hands the model to its own processor.
    ...(isTransformers ? {} : { TWINKLE_TRUST_REMOTE_CODE: "0" }),
    // A request that fails ends alone; by default it can leave the other GPUs waiting for ever.
    TWINKLE_FAIL_FAST: "0",
    // On GPUs Twinkle sets these itself.
    ...(isTransformers && plan.gpus === 0
      ? { ACCELERATE_USE_CPU: "true", MASTER_ADDR: "127.0.0.1", MASTER_PORT: "29500" }
      : {}),
  };
  return `    deployments:
      - name: ${name}
        max_ongoing_requests: 64
        ray_actor_options:
          num_cpus: 0.1
          runtime_env:
            env_vars:
${Object.entries(env)
  .map(([key, value]) => `              ${key}: ${quoted(value)}`)
  .join("\n")}`;
}

function sizes({ dp, tp, pp }: { dp: number; tp: number; pp: number }): string {
  const more = [...(tp > 1 ? [`tp_size: ${tp}`] : []), ...(pp > 1 ? [`pp_size: ${pp}`] : [])];
  return [`dp_size: ${dp}`, ...more].join(", ");
}

function perNode(nodes: readonly RayNode[], role: RayNode["role"]): number {
  return nodes.find((node) => node.role === role)?.gpus.length ?? 0;
}

function device({ gpus }: ServerPlan): string {
  return gpus > 0 ? "cuda" : "CPU";
}

function modelId({ source, model }: ServerPlan): string {
  return source || `ms://${model}`;
}

/** The texts of a checked plan hold nothing that a quoted YAML scalar or OmegaConf's `${}` would read otherwise. */
function quoted(text: string): string {
  return `"${text}"`;
}
