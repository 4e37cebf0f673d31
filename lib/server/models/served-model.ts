import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";

import { Engine, type EngineOptions } from "../engine/engine";
import { ChatTokenizer } from "../sampling/chat-tokenizer";

/** A base model that this server trains and samples. */
export interface ServedModel {
  /** `owner/name`. */
  name: string;
  directory: string;
  engine: Engine;
  tokenizer: ChatTokenizer;
  /** Tokens that end an answer. */
  endTokens: number[];
  /** SPDX id from the model's README, when it has one. */
  license: string | null;
}

const MODEL_NAME = /^[A-Za-z0-9][\w.-]*\/[A-Za-z0-9][\w.-]*$/;
const endTokensSchema = z.looseObject({
  eos_token_id: z.union([z.number(), z.array(z.number())]).nullish(),
});

/**
 * Opens a Hugging Face folder (`config.json`, `*.safetensors`, `tokenizer.json`, `tokenizer_config.json`).
 *
 * @throws Error with a sentence for the person who started the server
 */
export async function openServedModel(
  name: string,
  directory: string,
  options: EngineOptions,
): Promise<ServedModel> {
  if (!MODEL_NAME.test(name))
    throw new Error(`"${name}" is not a model name; use the form owner/name.`);
  if (!existsSync(path.join(directory, "config.json"))) {
    throw new Error(`${directory} holds no model: there is no config.json in it.`);
  }
  const tokenizer = ChatTokenizer.open(directory);
  return {
    name,
    directory,
    engine: await Engine.open(directory, options),
    tokenizer,
    endTokens: endTokensOf(directory, tokenizer),
    license: licenseOf(directory),
  };
}

function endTokensOf(directory: string, tokenizer: ChatTokenizer): number[] {
  const ids = new Set<number>();
  if (tokenizer.endToken !== null) ids.add(tokenizer.endToken);
  for (const file of ["generation_config.json", "config.json"]) {
    const full = path.join(directory, file);
    if (!existsSync(full)) continue;
    const { eos_token_id: end } = endTokensSchema.parse(JSON.parse(readFileSync(full, "utf8")));
    for (const id of [end ?? []].flat()) ids.add(id);
  }
  return [...ids];
}

function licenseOf(directory: string): string | null {
  const readme = path.join(directory, "README.md");
  if (!existsSync(readme)) return null;
  const [, header = ""] = /^---\n([\s\S]*?)\n---/.exec(readFileSync(readme, "utf8")) ?? [];
  return /^license:\s*["']?([\w.-]+)/m.exec(header)?.[1] ?? null;
}
