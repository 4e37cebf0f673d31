import { seededRandom, shuffle } from "@/lib/base/random";
import type { RunConfig, RunPlan } from "./types";

/** Keeps the draw of the validation rows apart from the draw of the first epoch. */
const SPLIT_SALT = 0x5eed;

/**
 * What a config comes to on tokenized rows: the split, the number of steps, the tokens. The same input gives the same plan anywhere.
 *
 * Rows are left out when they are too long (with `overLength: "drop"`), shorter than two tokens, or train nothing.
 *
 * @param rows - length and number of trained tokens of each row, in file order
 */
export function planRun(
  config: Pick<
    RunConfig,
    "seed" | "epochs" | "batchSize" | "maxLength" | "overLength" | "validationShare"
  >,
  rows: { lengths: ArrayLike<number>; trained: ArrayLike<number> },
): RunPlan {
  const usable: number[] = [];
  for (let row = 0; row < rows.lengths.length; row++) {
    const length = rows.lengths[row] ?? 0;
    const isTooLong = length > config.maxLength && config.overLength === "drop";
    if (length >= 2 && (rows.trained[row] ?? 0) > 0 && !isTooLong) usable.push(row);
  }
  const { trainRows, validationRows } = split(usable, config);
  const stepsPerEpoch = Math.ceil(trainRows.length / config.batchSize);
  const sum = (count: (row: number) => number) =>
    trainRows.reduce((total, row) => total + count(row), 0);
  return {
    trainRows,
    validationRows,
    droppedRows: rows.lengths.length - usable.length,
    cutRows: usable.filter((row) => (rows.lengths[row] ?? 0) > config.maxLength).length,
    stepsPerEpoch,
    totalSteps: stepsPerEpoch * config.epochs,
    totalTokens: config.epochs * sum((row) => Math.min(rows.lengths[row] ?? 0, config.maxLength)),
    totalTrainedTokens:
      config.epochs * sum((row) => Math.min(rows.trained[row] ?? 0, config.maxLength)),
  };
}

function split(
  usable: number[],
  { seed, validationShare }: Pick<RunConfig, "seed" | "validationShare">,
): Pick<RunPlan, "trainRows" | "validationRows"> {
  const wanted = validationShare > 0 ? Math.max(1, Math.round(usable.length * validationShare)) : 0;
  const count = Math.min(wanted, Math.max(0, usable.length - 1));
  const drawn = new Set(shuffle([...usable], seededRandom(seed ^ SPLIT_SALT)).slice(0, count));
  return {
    trainRows: usable.filter((row) => !drawn.has(row)),
    validationRows: usable.filter((row) => drawn.has(row)),
  };
}
