import type { TokenizerFiles } from "./codec";

/* A small byte-level tokenizer in the manner of Qwen's, for tests. */

export const QWEN2_LIKE_TEMPLATE = `{%- if messages[0].role == 'system' %}
{{- '<|im_start|>system\\n' + messages[0].content + '<|im_end|>\\n' }}
{%- else %}
{{- '<|im_start|>system\\nYou are helpful.<|im_end|>\\n' }}
{%- endif %}
{%- for message in messages %}
{%- if not (message.role == 'system' and loop.first) %}
{{- '<|im_start|>' + message.role + '\\n' + message.content + '<|im_end|>\\n' }}
{%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}
{{- '<|im_start|>assistant\\n' }}
{%- endif %}`;

/** An answer that comes last gets an empty thought in front, one that does not come last gets none. */
export const QWEN3_LIKE_TEMPLATE = `{%- for message in messages %}
{{- '<|im_start|>' + message.role + '\\n' }}
{%- if message.role == 'assistant' and loop.last %}
{{- '<think>\\n\\n</think>\\n\\n' }}
{%- endif %}
{{- message.content + '<|im_end|>\\n' }}
{%- endfor %}
{%- if add_generation_prompt %}
{{- '<|im_start|>assistant\\n' }}
{%- endif %}`;

const SPECIAL = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"];
const ADDED = ["<think>", "</think>"];
const SPLIT =
  "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

/** Bytes as the printable characters that byte-level vocabularies write them with. */
function byteCharacters(): string[] {
  let next = 256;
  return Array.from({ length: 256 }, (_, byte) => {
    const isPrintable = (byte > 32 && byte < 127) || (byte > 160 && byte !== 173);
    return String.fromCharCode(isPrintable ? byte : next++);
  });
}

export function chatMlFiles(
  chatTemplate: string | null,
  overrides: Partial<TokenizerFiles> & { postProcessor?: unknown } = {},
): TokenizerFiles {
  const merges = ["Ċ Ċ", "h e", "l l", "he ll", "hell o", "Ġ w"];
  const tokens = [...byteCharacters(), ...merges.map((merge) => merge.replace(" ", ""))];
  const added = [...SPECIAL, ...ADDED].map((content, at) => ({
    id: tokens.length + at,
    content,
    special: SPECIAL.includes(content),
    ...{ single_word: false, lstrip: false, rstrip: false, normalized: false },
  }));
  const tokenizer = {
    added_tokens: added,
    normalizer: { type: "NFC" },
    pre_tokenizer: {
      type: "Sequence",
      pretokenizers: [
        { type: "Split", pattern: { Regex: SPLIT }, behavior: "Isolated", invert: false },
        { type: "ByteLevel", add_prefix_space: false, trim_offsets: false, use_regex: false },
      ],
    },
    post_processor: overrides.postProcessor ?? null,
    decoder: { type: "ByteLevel" },
    model: {
      type: "BPE",
      vocab: Object.fromEntries(tokens.map((token, id) => [token, id])),
      merges,
    },
  };
  return {
    tokenizerJson: JSON.stringify(tokenizer),
    tokenizerConfig: JSON.stringify({ eos_token: "<|im_end|>", bos_token: null }),
    chatTemplate,
    generationConfig: null,
    ...overrides,
  };
}
