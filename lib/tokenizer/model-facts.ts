import { z } from "zod";
import { StudioError } from "@/lib/base/errors";
import type { ReadModelFile } from "./model-files";

export interface ModelFacts {
  hiddenSize: number | null;
  maxPositions: number | null;
  hasChatTemplate: boolean;
}

const size = z.number().nullish().catch(null);
const sizes = z.looseObject({ hidden_size: size, max_position_embeddings: size });
/** Models that also see or hear keep the sizes of their language part one level down. */
const configSchema = sizes.extend({ text_config: sizes.nullish().catch(null) });
const tokenizerConfigSchema = z.looseObject({ chat_template: z.unknown().optional() });

/** What a model's small files say of it. Rejects with `tokenizer_unavailable` when they cannot be had or read. */
export async function readModelFacts(
  model: string,
  readFile: ReadModelFile,
  options: { signal: AbortSignal },
): Promise<ModelFacts> {
  const [configText, tokenizerConfigText, chatTemplate] = await Promise.all([
    readFile(model, "config.json", options),
    readFile(model, "tokenizer_config.json", options),
    readFile(model, "chat_template.jinja", options),
  ]);
  const config = parse(configSchema, configText, model);
  const tokenizerConfig = parse(tokenizerConfigSchema, tokenizerConfigText, model);
  const inner = config?.text_config;
  return {
    hiddenSize: config?.hidden_size ?? inner?.hidden_size ?? null,
    maxPositions: config?.max_position_embeddings ?? inner?.max_position_embeddings ?? null,
    hasChatTemplate: chatTemplate !== null || Boolean(tokenizerConfig?.chat_template),
  };
}

function parse<T>(schema: z.ZodType<T>, text: string | null, model: string): T | null {
  if (text === null) return null;
  try {
    return schema.parse(JSON.parse(text));
  } catch (cause) {
    throw new StudioError(
      "tokenizer_unavailable",
      `The configuration of ${model} cannot be read.`,
      {
        cause,
        details: { model },
      },
    );
  }
}
