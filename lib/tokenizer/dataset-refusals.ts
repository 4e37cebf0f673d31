import { StudioError } from "@/lib/base/errors";
import type { RowProblem, SampleKind } from "@/lib/dataset/types";
import type { ModelTokenizer } from "./model-tokenizer";

/** @throws StudioError `template_invalid` when rows are conversations and the model's chat template renders none */
export function requireTemplate(
  sampleKind: SampleKind,
  baseModel: string,
  tokenizer: ModelTokenizer,
): void {
  const error = sampleKind === "chat" ? templateError(baseModel, tokenizer) : null;
  if (error) throw error;
}

/** Why a model renders no conversation, as found when its tokenizer was loaded; null when it renders one. */
export function templateError(
  baseModel: string,
  { hasChatTemplate, templateFault }: ModelTokenizer,
): StudioError | null {
  if (!hasChatTemplate) {
    return new StudioError("template_invalid", `${baseModel} has no chat template.`, {
      details: { model: baseModel, cause: "no_chat_template" },
    });
  }
  if (!templateFault) return null;
  const { reason, line } = templateFault;
  const place = line === null ? "" : ` in line ${line}`;
  const message = `The chat template of ${baseModel} fails${place}: ${reason}`;
  return new StudioError("template_invalid", message, {
    details: { model: baseModel, cause: "template_fault", reason, line: line ?? 0 },
  });
}

/** Why nothing can be trained: `dataset_invalid` with the first problem of a row. */
export function noUsableRows(problem: RowProblem | undefined): StudioError {
  return new StudioError("dataset_invalid", "No row is left after tokenizing.", {
    details: {
      ...problem?.params,
      cause: "no_usable_rows",
      problem: problem?.code ?? "",
      line: problem?.line ?? 0,
    },
  });
}
