import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";

import { seededRandom } from "@/lib/base/random";

import { writeSafetensors } from "../engine/safetensors";

const SIZE = 16;
const INNER = 32;
const HEADS = 2;
const LAYERS = 2;

/** Size of the tiny model's vocabulary: 256 bytes and three special tokens, filled up. */
export const TINY_VOCAB = 264;
export const TINY_CONTEXT = 128;
export const IM_END = 257;

const TEMPLATE =
  "{% for message in messages %}<|im_start|>{{ message.role }}\n{{ message.content }}<|im_end|>\n{% endfor %}" +
  "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}";

/** A folder in Hugging Face layout with a byte tokenizer and random weights: real in every part, wise in none. */
export function writeTinyModel(directory: string): void {
  mkdirSync(directory, { recursive: true });
  const json = (file: string, value: unknown) =>
    writeFileSync(path.join(directory, file), JSON.stringify(value));
  json("config.json", {
    model_type: "llama",
    hidden_size: SIZE,
    intermediate_size: INNER,
    num_hidden_layers: LAYERS,
    num_attention_heads: HEADS,
    vocab_size: TINY_VOCAB,
    max_position_embeddings: TINY_CONTEXT,
    tie_word_embeddings: true,
    eos_token_id: IM_END,
  });
  json("tokenizer_config.json", {
    tokenizer_class: "PreTrainedTokenizerFast",
    eos_token: "<|im_end|>",
  });
  writeFileSync(path.join(directory, "chat_template.jinja"), TEMPLATE);
  writeFileSync(path.join(directory, "README.md"), "---\nlicense: apache-2.0\n---\n");
  json("tokenizer.json", tokenizerJson());
  writeSafetensors(path.join(directory, "model.safetensors"), randomWeights(), "F32");
}

function randomWeights(): { name: string; shape: number[]; data: Float32Array }[] {
  const random = seededRandom(7);
  const matrix = (name: string, rows: number, columns: number) => ({
    name,
    shape: [rows, columns],
    data: Float32Array.from({ length: rows * columns }, () => (random() - 0.5) * 0.4),
  });
  const norm = (name: string) => ({ name, shape: [SIZE], data: new Float32Array(SIZE).fill(1) });
  const layers = Array.from({ length: LAYERS }, (_, layer) => {
    const prefix = `model.layers.${layer}`;
    return [
      norm(`${prefix}.input_layernorm.weight`),
      norm(`${prefix}.post_attention_layernorm.weight`),
      ...["q_proj", "k_proj", "v_proj", "o_proj"].map((name) =>
        matrix(`${prefix}.self_attn.${name}.weight`, SIZE, SIZE),
      ),
      matrix(`${prefix}.mlp.gate_proj.weight`, INNER, SIZE),
      matrix(`${prefix}.mlp.up_proj.weight`, INNER, SIZE),
      matrix(`${prefix}.mlp.down_proj.weight`, SIZE, INNER),
    ];
  });
  return [
    matrix("model.embed_tokens.weight", TINY_VOCAB, SIZE),
    norm("model.norm.weight"),
    ...layers.flat(),
  ];
}

function tokenizerJson(): object {
  const special = ["<|im_start|>", "<|im_end|>", "<|endoftext|>"].map((content, index) => ({
    id: 256 + index,
    content,
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
    special: true,
  }));
  return {
    version: "1.0",
    added_tokens: special,
    normalizer: null,
    pre_tokenizer: {
      type: "ByteLevel",
      add_prefix_space: false,
      trim_offsets: true,
      use_regex: true,
    },
    post_processor: null,
    decoder: { type: "ByteLevel", add_prefix_space: true, trim_offsets: true, use_regex: true },
    model: { type: "BPE", vocab: byteVocabulary(), merges: [] },
  };
}

/** GPT-2's letters for the 256 bytes: printable bytes stand for themselves, the others follow from U+0100 on. */
function byteVocabulary(): Record<string, number> {
  const isPrintable = (byte: number) =>
    (byte >= 33 && byte <= 126) || (byte >= 161 && byte !== 173);
  let next = 256;
  return Object.fromEntries(
    Array.from({ length: 256 }, (_, byte) => [
      String.fromCharCode(isPrintable(byte) ? byte : next++),
      byte,
    ]),
  );
}
