import { INDEX_FILE, WEIGHTS_FILE } from "../engine/weight-files";
import { CONFIG_FILE, TOKENIZER_NEEDS } from "../models/model-folder";
import type { HubFile } from "./model-hubs";

const NEEDED: readonly string[] = [CONFIG_FILE, ...TOKENIZER_NEEDS];
/** The README holds the licence, which goes into the card of what is trained on the model. */
const WELCOME =
  /^(generation_config\.json|special_tokens_map\.json|tokenizer\.model|chat_template\.(jinja|json)|README\.md)$/;
const SHARD = /^model-\d+-of-\d+\.safetensors$/;

/**
 * The files of a listing that this server reads, the small ones first.
 *
 * @throws Error with the sentence what is missing
 */
export function wantedFiles(listed: readonly HubFile[]): HubFile[] {
  const names = new Set(listed.map(({ name }) => name));
  const missing = NEEDED.find((name) => !names.has(name));
  if (missing !== undefined) throw new Error(`It has no ${missing}.`);
  const isWhole = names.has(WEIGHTS_FILE);
  if (!isWhole && !names.has(INDEX_FILE))
    throw new Error(`It has no ${WEIGHTS_FILE}; weights in another format are not read.`);
  const isWeights = (name: string) =>
    isWhole ? name === WEIGHTS_FILE : name === INDEX_FILE || SHARD.test(name);
  const small = listed.filter(({ name }) => NEEDED.includes(name) || WELCOME.test(name));
  return [...small, ...listed.filter(({ name }) => isWeights(name))];
}
