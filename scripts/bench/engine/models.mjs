import fs from "node:fs";
import path from "node:path";
import { Tokenizer } from "@huggingface/tokenizers";
import { register } from "tsx/esm/api";
import { parseFlags } from "../../studio/flags.mjs";
import { cacheDir } from "../../studio/venv.mjs";

register();
const { aModelDirectory } = await import("../../../lib/server/engine/testing/tiny-model.ts");

const SMOLLM2 = "HuggingFaceTB/SmolLM2-135M-Instruct";

/** What is trained: a folder, and batches of `rows` sequences with `length` trained tokens. `steps` make a round. */
export function trainedModels(root) {
  const builtin = path.join(root, "lib", "server", "builtin", "spark");
  const small = { rows: 8, length: 64, steps: 8, rounds: 7 };
  return [
    { name: "built-in model, 8 x 64", directory: builtin, vocab: 256, ...small },
    { name: "config A (d128 L4), 8 x 64", ...randomModel(128, 4, 4, 512), ...small },
    {
      ...{ name: "config B (d256 L6), 8 x 128", ...randomModel(256, 6, 8, 2048) },
      ...{ rows: 8, length: 128, steps: 2, rounds: 5 },
    },
  ];
}

function randomModel(size, layers, heads, vocab) {
  const directory = aModelDirectory({
    model_type: "llama",
    hidden_size: size,
    num_hidden_layers: layers,
    num_attention_heads: heads,
    num_key_value_heads: heads,
    intermediate_size: 3 * size,
    vocab_size: vocab,
    max_position_embeddings: 1024,
    tie_word_embeddings: true,
  });
  process.once("exit", () => fs.rmSync(directory, { recursive: true, force: true }));
  return { directory, vocab };
}

/** SmolLM2-135M where `npm run studio -- models add` puts it, or in the cache folder; null when it is in neither. */
export function smolLm2() {
  const directory = [
    path.join(parseFlags([]).dataDir, "server", "models", SMOLLM2),
    path.join(cacheDir(), "smollm2-135m-instruct"),
  ].find((folder) => fs.existsSync(path.join(folder, "model.safetensors")));
  if (!directory) return null;
  return {
    ...{ name: "SmolLM2-135M, 4 x 128", directory, vocab: 49_152 },
    ...{ rows: 4, length: 128, steps: 1, rounds: 3 },
  };
}

/** Sequences that do not repeat themselves, the same in every run. */
export function sequences({ rows, length, vocab }) {
  return Array.from({ length: rows }, (_, row) =>
    Array.from({ length: length + 1 }, (_, t) => (row * 7919 + t * 104_729 + t * t * 31) % vocab),
  );
}

/** What a chat of SmolLM2 begins with, as token ids. */
export function chatQuestion({ directory }) {
  const [tokenizer, config] = ["tokenizer.json", "tokenizer_config.json"].map((file) =>
    JSON.parse(fs.readFileSync(path.join(directory, file), "utf8")),
  );
  const turns = [
    ["system", "You are a helpful AI assistant named SmolLM, trained by Hugging Face"],
    ["user", "Explain how photosynthesis works."],
  ];
  const text = turns
    .map(([role, content]) => `<|im_start|>${role}\n${content}<|im_end|>\n`)
    .join("");
  return new Tokenizer(tokenizer, config).encode(`${text}<|im_start|>assistant\n`, {
    add_special_tokens: false,
  }).ids;
}
