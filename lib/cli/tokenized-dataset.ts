import { formatCount } from "@/lib/base/format";
import { StudioError } from "@/lib/base/errors";
import { readRecords } from "@/lib/dataset/records";
import { toProblem } from "@/lib/dataset/row-fault";
import { RowReader, type DatasetSummary, type RowBatch } from "@/lib/dataset/row-reader";
import { rowsInMemory } from "@/lib/dataset/rows-in-memory";
import type { RowProblem, TokenRow, TokenRows } from "@/lib/dataset/types";
import { noUsableRows, requireTemplate } from "@/lib/tokenizer/dataset-refusals";
import type { ModelTokenizer } from "@/lib/tokenizer/model-tokenizer";
import type { CommandContext } from "./command";
import type { DatasetSource } from "./dataset-source";
import { UnusableRows } from "./unusable-rows";

export interface TokenizedDataset extends DatasetSummary {
  rows: TokenRows;
  /** Rows that cannot be used, in file order. */
  problems: RowProblem[];
}

/**
 * Reads and tokenizes a whole dataset in memory, exactly as the studio does in the browser.
 *
 * Rejects with `dataset_invalid` when no row is left, `template_invalid` when the rows are conversations and the model
 * has no chat template, and with the signal's reason when it aborts.
 *
 * @param modelName - for the sentence of `template_invalid`
 */
export async function tokenizeDataset(
  source: DatasetSource,
  modelName: string,
  tokenizer: ModelTokenizer,
  { progress, signal }: Pick<CommandContext, "progress" | "signal">,
): Promise<TokenizedDataset> {
  const reader = new RowReader();
  const rows: TokenRow[] = [];
  const lines: number[] = [];
  const problems: RowProblem[] = [];
  let doneBytes = 0;

  const take = (batch: RowBatch) => {
    problems.push(...batch.problems);
    for (const { line, sample } of batch.rows) {
      try {
        requireTemplate(sample.kind, modelName, tokenizer);
        rows.push(tokenizer.tokenizeSample(sample));
        lines.push(line);
      } catch (error) {
        problems.push(toProblem(error, line));
      }
    }
  };
  const chunks = readRecords(source.stream(), { name: source.name, signal });
  for await (const { readBytes, records } of chunks) {
    take(reader.read(records));
    doneBytes += readBytes;
    progress({
      label: `Tokenizing ${source.name}`,
      share: doneBytes / source.sizeBytes,
      detail: `${formatCount(rows.length)} rows`,
    });
  }
  take(reader.end());
  problems.sort((a, b) => a.line - b.line);
  try {
    const summary = reader.summary();
    if (rows.length === 0) throw noUsableRows(problems[0]);
    return { ...summary, rows: rowsInMemory(rows, lines), problems };
  } catch (error) {
    const isForRows = error instanceof StudioError && error.details?.["cause"] === "no_usable_rows";
    throw isForRows ? new UnusableRows(error, problems) : error;
  }
}
