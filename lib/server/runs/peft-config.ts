import { readFileSync, statSync } from "node:fs";
import path from "node:path";
import { z } from "zod";

import { SafetensorsReader } from "../engine/safetensors";
import type { AdapterTensors } from "../engine/types";

export const WEIGHTS_FILE = "adapter_model.safetensors";
export const CONFIG_FILE = "adapter_config.json";

const none = z.record(z.string(), z.unknown()).refine((map) => Object.keys(map).length === 0);

/** The plain LoRA adapters among all that PEFT writes. */
const loraSchema = z.object({
  peft_type: z.literal("LORA"),
  base_model_name_or_path: z.string(),
  r: z.number(),
  lora_alpha: z.number(),
  bias: z.literal("none").default("none"),
  use_dora: z.literal(false).default(false),
  use_rslora: z.boolean().default(false),
  rank_pattern: none.default({}),
  alpha_pattern: none.default({}),
});

export interface PeftFacts {
  baseModel: string;
  rank: number;
  /** The scale of the low-rank product is `alpha / rank`. */
  alpha: number;
  /** When its configuration was written, in ms since the epoch. */
  writtenAt: number;
  fileBytes: Record<string, number>;
}

/**
 * What is known of an adapter that PEFT saved.
 *
 * @throws Error when a file is missing or cut short, or it is no plain LoRA adapter
 */
export function readPeftFacts(folder: string): PeftFacts {
  const config = path.join(folder, CONFIG_FILE);
  const lora = loraSchema.parse(JSON.parse(readFileSync(config, "utf8")));
  new SafetensorsReader(path.join(folder, WEIGHTS_FILE)).close();
  const size = (file: string) => statSync(path.join(folder, file)).size;
  return {
    baseModel: lora.base_model_name_or_path,
    rank: lora.r,
    alpha: lora.use_rslora ? lora.lora_alpha * Math.sqrt(lora.r) : lora.lora_alpha,
    writtenAt: statSync(config).mtimeMs,
    fileBytes: { [WEIGHTS_FILE]: size(WEIGHTS_FILE), [CONFIG_FILE]: size(CONFIG_FILE) },
  };
}

/** Every field that PEFT 0.19 writes for a plain LoRA adapter. */
export function peftConfig(
  baseModel: string,
  { rank, alpha, tensors }: AdapterTensors,
): Record<string, unknown> {
  const modules = [...tensors.keys()].flatMap(
    (name) => /([^.]+)\.lora_A\.weight$/.exec(name)?.[1] ?? [],
  );
  return {
    alora_invocation_tokens: null,
    alpha_pattern: {},
    arrow_config: null,
    auto_mapping: null,
    base_model_name_or_path: baseModel,
    bias: "none",
    corda_config: null,
    ensure_weight_tying: false,
    eva_config: null,
    exclude_modules: null,
    fan_in_fan_out: false,
    inference_mode: true,
    init_lora_weights: true,
    layer_replication: null,
    layers_pattern: null,
    layers_to_transform: null,
    loftq_config: {},
    lora_alpha: alpha,
    lora_bias: false,
    lora_dropout: 0,
    lora_ga_config: null,
    megatron_config: null,
    megatron_core: "megatron.core",
    modules_to_save: null,
    peft_type: "LORA",
    peft_version: "0.19.0",
    qalora_group_size: 16,
    r: rank,
    rank_pattern: {},
    revision: null,
    target_modules: [...new Set(modules)].sort(),
    target_parameters: null,
    task_type: "CAUSAL_LM",
    trainable_token_indices: null,
    use_bdlora: null,
    use_dora: false,
    use_qalora: false,
    use_rslora: false,
  };
}
