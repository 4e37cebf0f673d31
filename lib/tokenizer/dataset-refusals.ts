import { StudioError } from "@/lib/base/errors";
import type { RowProblem, SampleKind } from "@/lib/dataset/types";
import type { ModelTokenizer } from "./model-tokenizer";

/** @throws StudioError `template_invalid` when rows are conversations and the model has no chat template */
export function requireTemplate(
  sampleKind: SampleKind,
  baseModel: string,
  { hasChatTemplate }: ModelTokenizer,
): void {
  if (sampleKind !== "chat" || hasChatTemplate) return;
  throw new StudioError("template_invalid", `${baseModel} has no chat template.`, {
    details: { model: baseModel, cause: "no_chat_template" },
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
