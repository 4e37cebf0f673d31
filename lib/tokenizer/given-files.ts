import { StudioError } from "@/lib/base/errors";
import { NEEDED_TOKENIZER_FILES, TOKENIZER_FILES, type TokenizerFile } from "@/lib/protocol/routes";
import { parseJsonFile } from "./json-file";
import { loadTokenizer } from "./model-tokenizer";

/** Files of a model's folder that somebody gave by hand. */
export type GivenFiles = Partial<Record<TokenizerFile, Blob>>;

/** Why one of them cannot be used. */
export interface FileFault {
  file: TokenizerFile;
  code: "missing" | "too_large" | "not_json" | "no_tokenizer";
  /** In the words of who read it; empty where the code says it all. */
  reason: string;
}

const MAX_BYTES = 64 * 1024 * 1024;

/**
 * What is wrong with each of the files; nothing when they make a tokenizer. A chat template that fails is no fault here:
 * texts need none.
 */
export async function checkGivenFiles(files: GivenFiles): Promise<FileFault[]> {
  const faults: FileFault[] = [];
  const texts = new Map<TokenizerFile, string>();
  const fault = (file: TokenizerFile, code: FileFault["code"], reason = "") =>
    faults.push({ file, code, reason });

  for (const file of TOKENIZER_FILES) {
    const given = files[file];
    if (!given) {
      if (NEEDED_TOKENIZER_FILES.includes(file)) fault(file, "missing");
    } else if (given.size > MAX_BYTES) {
      fault(file, "too_large");
    } else {
      const text = await given.text();
      texts.set(file, text);
      const reason = file.endsWith(".json") ? faultOf(() => parseJsonFile(text)) : null;
      if (reason !== null) fault(file, "not_json", reason);
    }
  }
  if (faults.length > 0) return faults;

  const reason = faultOf(() =>
    loadTokenizer({
      tokenizerJson: texts.get("tokenizer.json") ?? "",
      tokenizerConfig: texts.get("tokenizer_config.json") ?? null,
      chatTemplate: texts.get("chat_template.jinja") ?? null,
      generationConfig: texts.get("generation_config.json") ?? null,
    }),
  );
  if (reason !== null) fault("tokenizer.json", "no_tokenizer", reason);
  return faults;
}

function faultOf(read: () => unknown): string | null {
  try {
    read();
    return null;
  } catch (error) {
    const own = error instanceof StudioError ? error.details?.["reason"] : undefined;
    return String(own ?? (error instanceof Error ? error.message : error));
  }
}
