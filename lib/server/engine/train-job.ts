import type { WeightStorage } from "./base-layout";
import type { Decoder, DecoderBatch } from "./decoder";
import { lossAt } from "./losses";
import { splitIntoBatches } from "./memory-plan";
import type { TrainRow } from "./types";
import type { JobResults, TrainJob } from "./worker-protocol";

/** A row cut after its last scored position: attention is causal, so nothing later can matter. */
interface CutRow {
  row: TrainRow;
  index: number;
  length: number;
}

/** Runs a share of a training call, yielding inside and between batches. */
export function* trainJob(
  decoder: Decoder,
  storage: WeightStorage,
  arenaWords: number,
  job: TrainJob,
): Generator<void, JobResults["train"]> {
  const logprobs = job.rows.map((row) => new Float32Array(row.tokens.length));
  const cut = job.rows
    .map((row, index): CutRow => ({
      row,
      index,
      length: row.weights.findLastIndex((weight) => weight !== 0) + 1,
    }))
    .filter(({ length }) => length > 0);
  const lengths = cut.map(({ length }) => length);
  let total = 0;
  for (const indices of splitIntoBatches(decoder.config, storage, lengths, arenaWords)) {
    const rows = indices.map((index) => cut[index]!);
    const { batch, places } = layOut(rows);
    const { adapter, baseShift, hasBackward } = job;
    const hasGradients = hasBackward && job.scale !== 0;
    yield* decoder.run(batch, { adapter, baseShift, hasBackward: hasGradients }, (n, logprob) => {
      const { row, index, t } = places[n]!;
      logprobs[index]![t] = logprob;
      const term = {
        weight: row.weights[t]!,
        oldLogprob: row.oldLogprobs?.[t] ?? 0,
        advantage: row.advantages?.[t] ?? 0,
      };
      const { loss, slope } = lossAt(job.loss, job.lossConfig, logprob, term, job.scale);
      total += loss;
      return slope;
    });
  }
  return { loss: total, logprobs };
}

function layOut(rows: readonly CutRow[]) {
  const places: { row: TrainRow; index: number; t: number }[] = [];
  const tokens: number[] = [];
  const scoredRows: number[] = [];
  const targets: number[] = [];
  const spans: DecoderBatch["spans"] = [];
  for (const { row, index, length } of rows) {
    const first = tokens.length;
    spans.push({ first, length });
    for (let t = 0; t < length; t++) {
      tokens.push(row.tokens[t]!);
      if (row.weights[t] === 0) continue;
      scoredRows.push(first + t);
      targets.push(row.targets[t]!);
      places.push({ row, index, t });
    }
  }
  const batch: DecoderBatch = {
    tokens: Int32Array.from(tokens),
    spans,
    scoredRows: Int32Array.from(scoredRows),
    targets: Int32Array.from(targets),
  };
  return { batch, places };
}
