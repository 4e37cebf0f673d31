import { StudioError } from "@/lib/base/errors";
import { isJsonObject, type JsonObject } from "@/lib/dataset/json-object";
import { parseJsonFile } from "./json-file";
import type { ReadModelFile } from "./model-files";

export interface ModelFacts {
  hiddenSize: number | null;
  maxPositions: number | null;
  hasChatTemplate: boolean;
}

/** What a model's small files say of it. Rejects with `tokenizer_unavailable` when they cannot be had or read. */
export async function readModelFacts(
  model: string,
  readFile: ReadModelFile,
  options: { signal: AbortSignal },
): Promise<ModelFacts> {
  const [config, tokenizerConfig, chatTemplate] = await Promise.all([
    readFile(model, "config.json", options),
    readFile(model, "tokenizer_config.json", options),
    readFile(model, "chat_template.jinja", options),
  ]);
  try {
    const facts = parseJsonFile(config);
    return {
      hiddenSize: sizeIn(facts, "hidden_size"),
      maxPositions: sizeIn(facts, "max_position_embeddings"),
      hasChatTemplate:
        chatTemplate !== null || Boolean(parseJsonFile(tokenizerConfig)["chat_template"]),
    };
  } catch (cause) {
    const message = `The configuration of ${model} cannot be read.`;
    throw new StudioError("tokenizer_unavailable", message, { cause, details: { model } });
  }
}

/** Models that also see or hear keep the sizes of their language part one level down. */
function sizeIn(config: JsonObject, name: string): number | null {
  const size = config[name];
  if (typeof size === "number") return size;
  const inner = config["text_config"];
  return isJsonObject(inner) ? sizeIn(inner, name) : null;
}
