export const BACKENDS = ["transformers", "megatron", "mock"] as const;
export const SAMPLERS = ["vllm", "torch", "mock", "none"] as const;

export type Backend = (typeof BACKENDS)[number];
export type Sampler = (typeof SAMPLERS)[number];

/** What a Twinkle Server runs on, and what it allows: everything that its configuration depends on. */
export interface ServerPlan {
  /** `owner/name`: what clients call the base model. */
  model: string;
  /** Where the server takes it from: `ms://owner/name`, `hf://owner/name` or a folder; ModelScope where it is empty. */
  source: string;
  backend: Backend;
  sampler: Sampler;
  /** Of each machine; 0 for a trial on the CPU. */
  gpus: number;
  machines: number;
  /** IP address of the first machine, under which the others reach it; used from two machines on. */
  headAddress: string;
  /** Megatron alone: GPUs that share each layer. */
  tensorParallel: number;
  /** Megatron alone: stages that the layers are cut into. */
  pipelineParallel: number;
  /** GPUs of the one vLLM engine. */
  samplerGpus: number;
  /** Adapters that are in training at the same time. */
  maxLoras: number;
  /** Largest rank of an adapter that vLLM answers with. */
  maxRank: number;
  /** Tokens of the longest prompt, together with its answer. */
  maxLength: number;
  /** Tokens of all the samples of one training request together. */
  batchTokens: number;
  port: number;
  /** Folder of checkpoints; the same one on every machine. */
  saveDir: string;
}

/** Why a plan gives no server; the message files hold `ownServer.problem.<code>`. */
export type PlanProblem =
  | { code: "not_whole"; field: NumberField }
  | { code: "too_small"; field: NumberField; min: number }
  | { code: "too_large"; field: NumberField; max: number }
  | { code: "not_a_model"; field: "model" }
  | { code: "not_a_source"; field: "source" }
  | { code: "not_a_folder"; field: "saveDir" }
  | { code: "no_head_address"; field: "headAddress" }
  | { code: "backend_needs_gpus"; field: "gpus"; backend: Backend }
  | { code: "backend_takes_no_gpus"; field: "gpus"; backend: Backend }
  | { code: "one_machine_without_gpus"; field: "machines" }
  | { code: "sampler_not_possible"; field: "sampler"; sampler: Sampler; possible: string }
  | { code: "sampler_too_wide"; field: "samplerGpus"; samplerGpus: number; gpus: number }
  | { code: "no_gpu_left"; field: "gpus"; samplerGpus: number }
  | { code: "whole_model_on_each_gpu"; field: "tensorParallel" | "pipelineParallel" }
  | { code: "not_divisible"; field: "tensorParallel"; trainingGpus: number; by: number };

export type NumberField = {
  [Field in keyof ServerPlan]: ServerPlan[Field] extends number ? Field : never;
}[keyof ServerPlan];

/** What a command is for; the message files hold `ownServer.purpose.<purpose>`. */
export type CommandPurpose =
  | "install"
  | "patches"
  | "head"
  | "join"
  | "joinSampler"
  | "check"
  | "launch"
  | "health"
  | "doctor";

export interface SetupCommand {
  purpose: CommandPurpose;
  command: string;
}

/** A server, ready to be started. */
export interface ServerSetup {
  /** The text of `server_config.yaml`. */
  config: string;
  /** For the first machine, in order; `launch` comes after every worker has joined. */
  head: SetupCommand[];
  /** For the second machine and each one after it. */
  workers: SetupCommand[][];
  /** What the server's address is in the studio. */
  url: string;
  trainingGpus: number;
  samplerGpus: number;
  idleGpus: number;
  /** A training request with fewer samples is refused: each copy of the model needs one. */
  smallestBatch: number;
}
