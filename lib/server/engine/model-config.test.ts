import { expect, test } from "vitest";

import { parseModelConfig } from "./model-config";

const QWEN = {
  model_type: "qwen2",
  hidden_size: 896,
  num_hidden_layers: 24,
  num_attention_heads: 14,
  num_key_value_heads: 2,
  intermediate_size: 4864,
  vocab_size: 151936,
  max_position_embeddings: 32768,
  rope_theta: 1000000,
  rms_norm_eps: 1e-6,
  tie_word_embeddings: true,
  hidden_act: "silu",
  use_sliding_window: false,
};

const parse = (overrides: Record<string, unknown>) =>
  parseModelConfig(JSON.stringify({ ...QWEN, ...overrides }));

test("a Qwen2.5 config has biases and grouped-query attention", () => {
  expect(parse({})).toEqual({
    ...{
      hiddenSize: 896,
      layerCount: 24,
      headCount: 14,
      kvHeadCount: 2,
      headDim: 64,
      intermediateSize: 4864,
    },
    ...{
      vocabSize: 151936,
      ropeTheta: 1e6,
      rmsNormEps: 1e-6,
      isHeadTied: true,
      hasQkvBias: true,
      hasHeadNorms: false,
      maxPositions: 32768,
    },
  });
});

test("a Llama config has no biases and an untied head unless it says so", () => {
  const config = parse({ model_type: "llama", tie_word_embeddings: undefined, rope_scaling: null });
  expect(config).toMatchObject({ hasQkvBias: false, isHeadTied: false });
});

test("a Qwen3 config has norms on its heads, whose size need not divide the hidden size", () => {
  const config = parse({ model_type: "qwen3", head_dim: 128 });
  expect(config).toMatchObject({ hasHeadNorms: true, hasQkvBias: false, headDim: 128 });
});

test.each([{ rope_scaling: null }, { rope_scaling: { rope_type: "default" } }])(
  "an ordinary rotation may be spelled out as %o",
  (overrides) => {
    expect(parse(overrides).ropeTheta).toBe(1e6);
  },
);

test("the rotation's base is read from where either version of transformers writes it", () => {
  const rope = { rope_type: "default", rope_theta: 5000 };
  expect(parse({ rope_theta: undefined, rope_parameters: rope }).ropeTheta).toBe(5000);
  expect(parse({ rope_theta: 300 }).ropeTheta).toBe(300);
});

test.each([
  [{ rope_parameters: { rope_type: "yarn" } }, /rope_parameters of type "yarn" is not supported/],
  [{ model_type: "gpt2" }, /model_type "gpt2" is not supported.*qwen2, qwen3, llama/],
  [{ model_type: "qwen3", attention_bias: true }, /attention_bias in qwen3 models/],
  [{ quantization_config: { bits: 4 } }, /quantization_config/],
  [{ hidden_act: "gelu" }, /hidden_act "gelu"/],
  [{ rope_scaling: { type: "yarn" } }, /rope_scaling of type "yarn" is not supported/],
  [{ rope_scaling: { rope_type: "llama3" } }, /rope_scaling of type "llama3"/],
  [{ vocab_size: undefined }, /vocab_size is missing/],
  [{ hidden_size: "896" }, /hidden_size is not a positive number/],
  [{ num_hidden_layers: 1.5 }, /num_hidden_layers is not a whole number/],
  [{ hidden_size: 900, head_dim: 64 }, /hiddenSize 900 \(not a multiple of 8\)/],
  [{ num_key_value_heads: 4 }, /no multiple of the key\/value heads/],
])("a config with %o is refused by name", (overrides, message) => {
  expect(() => parse(overrides)).toThrow(message);
});

test("a file that is not JSON is refused", () => {
  expect(() => parseModelConfig("{")).toThrow(/not valid JSON/);
});
