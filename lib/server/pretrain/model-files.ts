import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { writeSafetensors, type TensorToWrite } from "../engine/safetensors";
import type { ModelConfig } from "../engine/types";
import { CHAT_TEMPLATE, SPECIAL_TOKENS } from "./chat-format";

/** GPT-2's printable stand-ins for the 256 bytes, in byte order. */
function byteSymbols(): string[] {
  const isPrintable = (byte: number) =>
    (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174;
  let next = 256;
  return Array.from({ length: 256 }, (_, byte) =>
    String.fromCharCode(isPrintable(byte) ? byte : next++),
  );
}

function tokenizerJson() {
  const specials = Object.entries(SPECIAL_TOKENS);
  const byteLevel = {
    type: "ByteLevel",
    add_prefix_space: false,
    trim_offsets: true,
    use_regex: true,
  };
  return {
    version: "1.0",
    truncation: null,
    padding: null,
    added_tokens: specials.map(([content, id]) => ({
      ...{
        id,
        content,
        single_word: false,
        lstrip: false,
        rstrip: false,
        normalized: false,
        special: true,
      },
    })),
    normalizer: null,
    pre_tokenizer: byteLevel,
    post_processor: null,
    decoder: byteLevel,
    model: {
      type: "BPE",
      ...{
        dropout: null,
        unk_token: null,
        continuing_subword_prefix: "",
        end_of_word_suffix: "",
        fuse_unk: false,
      },
      byte_fallback: false,
      vocab: Object.fromEntries(byteSymbols().map((symbol, byte) => [symbol, byte])),
      merges: [],
    },
  };
}

function tokenizerConfigJson(config: ModelConfig) {
  const specials = Object.entries(SPECIAL_TOKENS);
  const flags = {
    lstrip: false,
    normalized: false,
    rstrip: false,
    single_word: false,
    special: true,
  };
  return {
    add_bos_token: false,
    add_prefix_space: false,
    added_tokens_decoder: Object.fromEntries(
      specials.map(([content, id]) => [id, { content, ...flags }]),
    ),
    bos_token: null,
    chat_template: CHAT_TEMPLATE,
    clean_up_tokenization_spaces: false,
    eos_token: "<|end|>",
    errors: "replace",
    model_max_length: config.maxPositions,
    pad_token: "<|pad|>",
    tokenizer_class: "Qwen2Tokenizer",
    unk_token: null,
  };
}

function configJson(config: ModelConfig) {
  return {
    architectures: ["Qwen2ForCausalLM"],
    model_type: "qwen2",
    hidden_act: "silu",
    hidden_size: config.hiddenSize,
    intermediate_size: config.intermediateSize,
    num_hidden_layers: config.layerCount,
    num_attention_heads: config.headCount,
    num_key_value_heads: config.kvHeadCount,
    max_position_embeddings: config.maxPositions,
    rms_norm_eps: config.rmsNormEps,
    rope_theta: config.ropeTheta,
    tie_word_embeddings: config.isHeadTied,
    use_sliding_window: false,
    vocab_size: config.vocabSize,
    eos_token_id: SPECIAL_TOKENS["<|end|>"],
    pad_token_id: SPECIAL_TOKENS["<|pad|>"],
    torch_dtype: "bfloat16",
  };
}

/** Writes a model directory as Hugging Face lays it out. */
export function writeModelDirectory(
  directory: string,
  config: ModelConfig,
  weights: readonly TensorToWrite[],
): void {
  mkdirSync(directory, { recursive: true });
  const end = SPECIAL_TOKENS["<|end|>"];
  const generation = {
    do_sample: true,
    eos_token_id: [end],
    pad_token_id: SPECIAL_TOKENS["<|pad|>"],
    temperature: 0.3,
  };
  const files = {
    "config.json": configJson(config),
    "generation_config.json": generation,
    "tokenizer.json": tokenizerJson(),
    "tokenizer_config.json": tokenizerConfigJson(config),
  };
  for (const [name, content] of Object.entries(files)) {
    writeFileSync(join(directory, name), `${JSON.stringify(content, null, 2)}\n`);
  }
  writeSafetensors(join(directory, "model.safetensors"), weights, "BF16");
}
