import { existsSync, readFileSync } from "node:fs";
import path from "node:path";

import { countParameters } from "../engine/base-layout";
import type { EngineOptions } from "../engine/engine";
import { modelBytes } from "../engine/memory-needs";
import { parseModelConfig } from "../engine/model-config";
import type { ModelConfig } from "../engine/types";
import { checkWeightFiles } from "../engine/weight-files";

export const CONFIG_FILE = "config.json";
export const TOKENIZER_NEEDS = ["tokenizer.json", "tokenizer_config.json"] as const;
export const MODEL_NAME = /^[A-Za-z0-9][\w.-]*\/[A-Za-z0-9][\w.-]*$/;

export interface ModelShape {
  config: ModelConfig;
  parameterCount: number;
  /** What it takes in memory. */
  bytes: number;
}

/**
 * Looks at a Hugging Face folder (`config.json`, `*.safetensors`, `tokenizer.json`, `tokenizer_config.json`) without
 * reading its weights.
 *
 * @throws Error with the sentence why it cannot be served
 */
export function inspectFolder(name: string, directory: string, options: EngineOptions): ModelShape {
  if (!MODEL_NAME.test(name))
    throw new Error(`"${name}" is not a model name; use the form owner/name.`);
  const config = path.join(directory, CONFIG_FILE);
  if (!existsSync(config))
    throw new Error(`${directory} holds no model: there is no ${CONFIG_FILE} in it.`);
  const shape = readShape(readFileSync(config, "utf8"), options);
  checkWeightFiles(directory);
  for (const file of TOKENIZER_NEEDS)
    if (!existsSync(path.join(directory, file)))
      throw new Error(`${directory} has no ${file}, which the model's text goes through.`);
  return shape;
}

/**
 * The shape that a `config.json` describes.
 *
 * @throws Error with the sentence why this server cannot serve it: architecture or size
 */
export function readShape(text: string, options: EngineOptions): ModelShape {
  const config = parseModelConfig(text);
  return {
    config,
    parameterCount: countParameters(config),
    bytes: modelBytes(config, options),
  };
}
