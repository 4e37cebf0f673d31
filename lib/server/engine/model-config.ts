import type { ModelConfig } from "./types";

const SUPPORTED_TYPES = ["qwen2", "qwen3", "llama"];

type Fields = Record<string, unknown>;

/**
 * The decoder shape described by a Hugging Face `config.json` of a Qwen2, Qwen2.5, Qwen3, Llama or SmolLM2 model.
 *
 * @throws Error naming the field when the file is malformed or asks for something the engine does not compute
 */
export function parseModelConfig(text: string): ModelConfig {
  const file = parseObject(text);
  const type = file["model_type"];
  if (typeof type !== "string" || !SUPPORTED_TYPES.includes(type)) {
    throw new Error(
      `config.json: model_type "${String(type)}" is not supported by the local engine; use one of ${SUPPORTED_TYPES.join(", ")}.`,
    );
  }
  refuse((file["hidden_act"] ?? "silu") !== "silu", `hidden_act "${String(file["hidden_act"])}"`);
  const rope = rotation(file);
  refuse(file["mlp_bias"] === true, "mlp_bias");
  refuse(type !== "qwen2" && file["attention_bias"] === true, `attention_bias in ${type} models`);
  refuse((file["quantization_config"] ?? null) !== null, "quantization_config");
  refuse(file["use_sliding_window"] === true, "use_sliding_window");

  const hiddenSize = wholeNumber(file, "hidden_size");
  const headCount = wholeNumber(file, "num_attention_heads");
  const config: ModelConfig = {
    hiddenSize,
    layerCount: wholeNumber(file, "num_hidden_layers"),
    headCount,
    kvHeadCount: wholeNumber(file, "num_key_value_heads", headCount),
    headDim: wholeNumber(file, "head_dim", hiddenSize / headCount),
    intermediateSize: wholeNumber(file, "intermediate_size"),
    vocabSize: wholeNumber(file, "vocab_size"),
    ropeTheta: positive({ ...file, ...rope }, "rope_theta", 10000),
    rmsNormEps: positive(file, "rms_norm_eps", 1e-6),
    isHeadTied: file["tie_word_embeddings"] === true,
    hasQkvBias: type === "qwen2" && file["attention_bias"] !== false,
    hasHeadNorms: type === "qwen3",
    maxPositions: wholeNumber(file, "max_position_embeddings"),
  };
  checkShape(config);
  return config;
}

/** transformers writes `rope_parameters` since version 5, `rope_theta` and `rope_scaling` before. */
function rotation(file: Fields): Fields {
  const parameters = (file["rope_parameters"] ?? {}) as Fields;
  for (const [field, value] of Object.entries({
    rope_scaling: file["rope_scaling"] ?? {},
    rope_parameters: parameters,
  })) {
    const { rope_type: ropeType, type } = value as Fields;
    const found = ropeType ?? type ?? "default";
    refuse(found !== "default", `${field} of type ${JSON.stringify(found)}`);
  }
  refuse((file["partial_rotary_factor"] ?? 1) !== 1, "partial_rotary_factor");
  return parameters;
}

/** @throws Error when a size is not one the kernels can work with */
export function checkShape(config: ModelConfig): void {
  for (const name of ["hiddenSize", "headDim", "intermediateSize"] as const) {
    refuse(config[name] % 8 !== 0, `${name} ${config[name]} (not a multiple of 8)`);
  }
  refuse(
    config.headCount % config.kvHeadCount !== 0,
    "a number of heads that is no multiple of the key/value heads",
  );
}

function parseObject(text: string): Fields {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new Error("config.json is not valid JSON.", { cause });
  }
  if (typeof value !== "object" || value === null) throw new Error("config.json is not an object.");
  return value as Fields;
}

function positive(file: Fields, field: string, fallback?: number): number {
  const value = file[field] ?? fallback;
  if (typeof value === "number" && Number.isFinite(value) && value > 0) return value;
  throw new Error(
    `config.json: ${field} is ${value === undefined ? "missing" : "not a positive number"}.`,
  );
}

function wholeNumber(file: Fields, field: string, fallback?: number): number {
  const value = positive(file, field, fallback);
  if (!Number.isInteger(value)) throw new Error(`config.json: ${field} is not a whole number.`);
  return value;
}

function refuse(isUnsupported: boolean, what: string): void {
  if (isUnsupported) throw new Error(`config.json: ${what} is not supported by the local engine.`);
}
