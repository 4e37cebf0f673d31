import { toProblem } from "@/lib/dataset/row-fault";
import { readSample } from "@/lib/dataset/row-reader";
import type { RowProblem } from "@/lib/dataset/types";
import { openDatasetFile } from "@/lib/storage/dataset-files";
import { findTokenSet, putTokenSet } from "@/lib/storage/datasets";
import { alone, whileWriting } from "@/lib/storage/file-lock";
import { createTokenSetFile, tokenSetFolder } from "@/lib/storage/token-set-files";
import type { DatasetRecord, TokenSetRecord } from "@/lib/storage/types";
import { noUsableRows, requireTemplate } from "@/lib/tokenizer/dataset-refusals";
import type { ModelTokenizer } from "@/lib/tokenizer/model-tokenizer";
import { KEPT_PROBLEMS, type DatasetParts } from "./dataset-import";
import type { CallContext } from "./dataset-messages";
import { pauses } from "./dataset-pauses";

/**
 * The dataset as tokens of a base model: the set that is there, or a new one.
 *
 * Rejects with `template_invalid` when the model has no chat template and the rows are conversations, and with
 * `dataset_invalid` when no row is left. A tokenizing that fails, or is cancelled, leaves nothing behind.
 */
export function tokenizeDataset(
  dataset: DatasetRecord,
  baseModel: string,
  tokenizer: ModelTokenizer,
  parts: DatasetParts,
  context: CallContext,
): Promise<TokenSetRecord> {
  const tokenize = async () =>
    (await findTokenSet(dataset.id, baseModel)) ??
    whileWriting(() => createTokenSet(dataset, baseModel, tokenizer, parts, context), context);
  return alone(`${dataset.id} ${baseModel}`, tokenize, context);
}

async function createTokenSet(
  dataset: DatasetRecord,
  baseModel: string,
  tokenizer: ModelTokenizer,
  { store, newId, now }: DatasetParts,
  { signal, onProgress }: CallContext,
): Promise<TokenSetRecord> {
  requireTemplate(dataset.sampleKind, baseModel, tokenizer);
  const id = newId();
  const file = await openDatasetFile(store, dataset.id);
  const target = await createTokenSetFile(store, id);
  const problems: RowProblem[] = [];
  let problemCount = 0;
  let doneBytes = 0;
  const pause = pauses({ signal });

  try {
    for await (const block of file.blocks(0, file.rowCount)) {
      for (const { line, bytes } of block) {
        try {
          target.add(line, tokenizer.tokenizeSample(readSample(bytes, dataset.format)));
        } catch (error) {
          const problem = toProblem(error, line);
          if (problemCount++ < KEPT_PROBLEMS) problems.push(problem);
        }
        doneBytes += bytes.length;
        await pause();
        onProgress({ doneBytes, totalBytes: file.sizeBytes, rows: target.lengths.length });
      }
    }
    if (target.lengths.length === 0) throw noUsableRows(problems[0]);
    target.close();
    const record: TokenSetRecord = {
      id,
      datasetId: dataset.id,
      baseModel,
      ...lengthFacts(target.lengths),
      trainedTokenCount: sum(target.trained),
      problems,
      problemCount,
      createdAt: now(),
    };
    await putTokenSet(record);
    return record;
  } catch (error) {
    target.discard();
    await store.remove(tokenSetFolder(id));
    throw error;
  }
}

function lengthFacts(lengths: readonly number[]) {
  const sorted = Float64Array.from(lengths).sort();
  const percentile = (share: number) => sorted[Math.ceil(share * sorted.length) - 1] ?? 0;
  return {
    rowCount: lengths.length,
    tokenCount: sum(lengths),
    longestRow: sorted.at(-1) ?? 0,
    p50: percentile(0.5),
    p95: percentile(0.95),
  };
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}
