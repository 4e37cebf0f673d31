import { StudioError } from "@/lib/base/errors";
import type { ReadModelFile } from "./model-files";
import { loadTokenizer, type ModelTokenizer } from "./model-tokenizer";

export type GetTokenizer = (model: string) => Promise<ModelTokenizer>;

/** Parsed tokenizers that are kept: one of a large vocabulary takes over a hundred megabytes. */
const KEPT = 2;

/** Tokenizers by base model; the ones used last are kept, and one that is being loaded is loaded once. */
export function modelTokenizers(readFile: ReadModelFile): GetTokenizer {
  const loaded = new Map<string, Promise<ModelTokenizer>>();
  return (model) => {
    const tokenizer = loaded.get(model) ?? load(model, readFile);
    loaded.delete(model);
    loaded.set(model, tokenizer);
    tokenizer.catch(() => loaded.delete(model));
    const oldest = loaded.size > KEPT ? loaded.keys().next().value : undefined;
    if (oldest !== undefined) loaded.delete(oldest);
    return tokenizer;
  };
}

async function load(model: string, readFile: ReadModelFile): Promise<ModelTokenizer> {
  // Shared by all who wait for it, so that none of them may cancel it.
  const { signal } = new AbortController();
  const [tokenizerJson, tokenizerConfig, chatTemplate, generationConfig] = await Promise.all([
    readFile(model, "tokenizer.json", { signal }),
    readFile(model, "tokenizer_config.json", { signal }),
    readFile(model, "chat_template.jinja", { signal }),
    readFile(model, "generation_config.json", { signal }),
  ]);
  if (tokenizerJson === null) {
    throw new StudioError("tokenizer_unavailable", `${model} has no tokenizer.json.`, {
      details: { model, file: "tokenizer.json", cause: "absent" },
    });
  }
  return loadTokenizer({ tokenizerJson, tokenizerConfig, chatTemplate, generationConfig });
}
