import { createHash } from "node:crypto";
import { StudioError } from "@/lib/base/errors";
import type { TokenizerFile } from "@/lib/protocol/routes";
import type { HubFileCache } from "./file-cache";
import { callHub } from "./hub-call";
import type { Hub } from "./hubs";
import { modelFiles } from "./modelscope";

const MIB = 1024 * 1024;
const ABSENCE_HOLDS_MS = 24 * 3600_000;

export interface ModelFileSources {
  /** The training server's copy of a file of the model, null when it has none. */
  askTrainingServer: (file: TokenizerFile) => Promise<Buffer | null>;
  cache: HubFileCache;
  modelScope: Hub;
  huggingFace: Hub;
}

/** A hub's word on a file: its bytes, or why not; `isFinal` when the next hub need not be asked. */
type HubWord = { bytes: Buffer } | { why: string; isFinal: boolean };

export function maxFileBytes(file: TokenizerFile): number {
  return file === "tokenizer.json" ? 64 * MIB : 4 * MIB;
}

/**
 * A file of a base model's tokenizer: from the training server, else as it was kept, else from ModelScope, else from
 * Hugging Face. Whoever has `tokenizer.json` has the last word on the model's other files. What a hub gives is kept;
 * hubs are asked without credentials, because all users share what is kept.
 *
 * @throws {@link StudioError} `not_found` with where it was looked for, `hub_unreachable`, `unusable_answer`
 */
export async function findModelFile(
  model: string,
  file: TokenizerFile,
  { askTrainingServer, cache, modelScope, huggingFace }: ModelFileSources,
  options: { signal: AbortSignal },
): Promise<Buffer> {
  const hubs = [modelScope, huggingFace];
  const kept = await firstOf(hubs, (hub) => cache.read(hub, model, file));
  const found = await askTrainingServer(file).catch((error: unknown) => {
    if (kept) return kept;
    throw error;
  });
  if (found) return found;
  if (kept) return kept;
  if (file !== "tokenizer.json" && (await askTrainingServer("tokenizer.json")))
    throw absent(model, file, []);

  const absenceAgeMs = await firstOf(hubs, (hub) => cache.absenceAgeMs(hub, model, file));
  if (absenceAgeMs !== null && absenceAgeMs < ABSENCE_HOLDS_MS) throw absent(model, file, []);

  const reasons: string[] = [];
  let isUnsure = false;
  let asked = modelScope;
  for (const hub of hubs) {
    asked = hub;
    const ask = hub === modelScope ? askModelScope : askHuggingFace;
    try {
      const word = await ask(hub, model, file, options);
      if ("bytes" in word) {
        await cache.keep(hub, model, file, word.bytes);
        return word.bytes;
      }
      reasons.push(word.why);
      if (word.isFinal) break;
    } catch (error) {
      if (!(error instanceof StudioError) || error.code !== "hub_unreachable") throw error;
      reasons.push(error.message);
      isUnsure = true;
    }
  }
  if (isUnsure && absenceAgeMs === null) {
    throw new StudioError("hub_unreachable", sentence(model, file, reasons), { retryable: true });
  }
  if (!isUnsure && file !== "tokenizer.json") await cache.keepAbsence(asked, model, file);
  throw absent(model, file, reasons);
}

/** What is known of the first hub of which anything is. */
async function firstOf<T>(
  hubs: readonly Hub[],
  look: (hub: Hub) => Promise<T | null>,
): Promise<T | null> {
  for (const hub of hubs) {
    const known = await look(hub);
    if (known !== null) return known;
  }
  return null;
}

async function askModelScope(
  hub: Hub,
  model: string,
  file: TokenizerFile,
  options: { signal: AbortSignal },
): Promise<HubWord> {
  const files = await modelFiles(hub, model, null, options);
  const listed = files?.find(({ path }) => path === file);
  if (!listed) {
    const isFinal = files?.some(({ path }) => path === "tokenizer.json") ?? false;
    return {
      why: files ? `${hub.name} has the model without it.` : `${hub.name} has no such model.`,
      isFinal,
    };
  }
  const path = `/api/v1/models/${model}/repo?Revision=${hub.revision}&FilePath=${file}`;
  const { status, bytes } = await callHub(hub, { path, maxBytes: maxFileBytes(file) }, options);
  if (status !== 200)
    throw new StudioError("hub_unreachable", `${hub.name} answers ${status} for ${file}.`);
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  if (!isPlausible(file, bytes) || (listed.sha256 !== null && listed.sha256 !== sha256)) {
    throw new StudioError("unusable_answer", `${file} arrived damaged from ${hub.name}.`, {
      retryable: true,
    });
  }
  return { bytes };
}

async function askHuggingFace(
  hub: Hub,
  model: string,
  file: TokenizerFile,
  options: { signal: AbortSignal },
): Promise<HubWord> {
  const path = `/${model}/resolve/${hub.revision}/${file}`;
  const { status, bytes } = await callHub(hub, { path, maxBytes: maxFileBytes(file) }, options);
  if (status === 200 && isPlausible(file, bytes)) return { bytes };
  if (status === 404) return { why: `${hub.name} has no such file.`, isFinal: true };
  if (status === 401 || status === 403) {
    return {
      why: `${hub.name} shows no such model, or only to those who accepted its terms.`,
      isFinal: true,
    };
  }
  throw new StudioError("hub_unreachable", `${hub.name} answers ${status} for ${file}.`);
}

/** False for the page of a captive network, which would otherwise be kept as a tokenizer. */
export function isPlausible(file: TokenizerFile, bytes: Buffer): boolean {
  const start = bytes.subarray(0, 100).toString("utf8").trimStart();
  return file.endsWith(".json") ? start.startsWith("{") : !/^<(!doctype|html)/i.test(start);
}

function absent(model: string, file: TokenizerFile, reasons: string[]): StudioError {
  return new StudioError("not_found", sentence(model, file, reasons));
}

function sentence(model: string, file: TokenizerFile, reasons: string[]): string {
  return [`The training server has no ${file} of ${model}.`, ...reasons].join(" ");
}
