/**
 * The calls of the training API that the studio makes, below `/api/v1`. The proxy passes nothing else on.
 * A segment in braces stands for one path segment; `{checkpoint}` for the two of a checkpoint id (`weights/NAME`).
 */
export interface ApiRoute {
  method: "GET" | "POST" | "DELETE";
  path: string;
  /** True where an answer may be a stream of server-sent events. */
  streams?: boolean;
}

export const API_ROUTES: readonly ApiRoute[] = [
  { method: "GET", path: "healthz" },
  { method: "GET", path: "get_server_capabilities" },
  { method: "GET", path: "twinkle/capacity_info" },
  { method: "POST", path: "create_session" },
  { method: "POST", path: "session_heartbeat" },
  { method: "POST", path: "create_model" },
  { method: "POST", path: "forward" },
  { method: "POST", path: "forward_backward" },
  { method: "POST", path: "optim_step" },
  { method: "POST", path: "save_weights" },
  { method: "POST", path: "save_weights_for_sampler" },
  { method: "POST", path: "load_weights" },
  { method: "POST", path: "unload_model" },
  { method: "POST", path: "get_info" },
  { method: "POST", path: "weights_info" },
  { method: "POST", path: "retrieve_future" },
  { method: "POST", path: "create_sampling_session" },
  { method: "POST", path: "asample" },
  { method: "POST", path: "chat/completions", streams: true },
  { method: "GET", path: "models" },
  { method: "GET", path: "training_runs" },
  { method: "GET", path: "training_runs/{run}" },
  { method: "GET", path: "training_runs/{run}/checkpoints" },
  { method: "DELETE", path: "training_runs/{run}/checkpoints/{checkpoint}" },
  { method: "POST", path: "training_runs/{run}/checkpoints/{checkpoint}/publish" },
  { method: "GET", path: "studio/models" },
  { method: "POST", path: "studio/models/{owner}/{name}/download" },
  { method: "DELETE", path: "studio/models/{owner}/{name}/download" },
  { method: "GET", path: "studio/models/{owner}/{name}/{file}" },
];

/** Files of a base model that the local server hands out, so that a browser needs no hub for them. */
export const TOKENIZER_FILES = [
  "tokenizer.json",
  "tokenizer_config.json",
  "chat_template.jinja",
  "generation_config.json",
  "config.json",
] as const;
export type TokenizerFile = (typeof TOKENIZER_FILES)[number];

/** Those without which no text can be made into tokens and ended. */
export const NEEDED_TOKENIZER_FILES: readonly TokenizerFile[] = [
  "tokenizer.json",
  "tokenizer_config.json",
];
