import { formatCount } from "@/lib/base/format";
import type { TokenRows } from "@/lib/dataset/types";
import { noUsableRows } from "@/lib/tokenizer/dataset-refusals";
import { modelTokenizers } from "@/lib/tokenizer/model-tokenizers";
import { planRun } from "@/lib/training/plan";
import { RUN_FLAGS, type RunFlagValues } from "@/lib/training/run-flags";
import type { RunConfig, RunPlan } from "@/lib/training/types";
import type { CommandContext } from "./command";
import type { Connection } from "./connection";
import { openDataset, type SliceFlags } from "./dataset-source";
import { requireFeature } from "./known-servers";
import { readConfig, readStart, type StartFlags } from "./run-setup";
import { tokenizeDataset } from "./tokenized-dataset";
import { tokenizerSource } from "./tokenizer-source";
import { UnusableRows } from "./unusable-rows";

export interface PreparedRun {
  config: RunConfig;
  plan: RunPlan;
  rows: TokenRows;
}

/**
 * Everything that a run needs before the server hears of it.
 *
 * @throws UsageError for flags that make no run; StudioError `dataset_invalid` when no row can be trained, and what reading
 *   the dataset and the tokenizer throw
 */
export async function prepareRun(
  file: string,
  flags: RunFlagValues & SliceFlags & StartFlags & { tokenizer?: string | undefined },
  connection: Connection,
  context: CommandContext,
): Promise<PreparedRun> {
  const { signal } = context;
  const start = await readStart(flags, connection, { signal });
  if (start.startFrom) await requireFeature("load", context, connection);
  const source = await openDataset(file, flags, context);
  const files = tokenizerSource(flags.tokenizer ?? start.baseModel, connection, context);
  const tokenizer = await modelTokenizers(files.readFile)(files.name);
  const dataset = await tokenizeDataset(source, start.baseModel, tokenizer, context);

  const fields = Object.fromEntries(
    RUN_FLAGS.flatMap((flag) => (flags[flag] === undefined ? [] : [[flag, flags[flag]]])),
  );
  const parts = { start, dataset, source, files };
  const config = await readConfig(fields, parts, connection, { signal });
  const { rows, problems } = dataset;
  const plan = planRun(config, rows);
  if (plan.totalSteps === 0) throw new UnusableRows(noUsableRows(problems[0]), problems);
  const leftOut = problems.length + plan.droppedRows;
  if (leftOut > 0) {
    const all = formatCount(rows.rowCount + problems.length);
    context.note(`${formatCount(leftOut)} of ${all} rows are left out; \`data\` says why.`);
  }
  return { config, plan, rows };
}
