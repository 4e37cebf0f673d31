import type { AdapterView } from "./adapter-layout";
import { preferenceLoss } from "./preference-loss";
import type { LossConfig, LossName, LossResult, PointwiseLoss, TrainRow } from "./types";
import type { WorkerPool } from "./worker-pool";

export interface TrainCall {
  rows: readonly TrainRow[];
  loss: LossName;
  lossConfig: LossConfig;
  hasBackward: boolean;
  /** The adapter and the shift to base gradients as worker `index` sees them. */
  target: (index: number) => { adapter: AdapterView | null; baseShift: number };
}

/** Computes a loss and, when asked, adds its gradients. */
export async function runTrainCall(pool: WorkerPool, call: TrainCall): Promise<LossResult> {
  const { rows, loss, lossConfig, hasBackward } = call;
  if (loss !== "dpo") {
    return runPointwise(pool, call, loss, loss === "cross_entropy" ? inverseWeight(rows) : 1);
  }
  const forward = { ...call, hasBackward: false };
  const { logprobs } = await runPointwise(pool, forward, "cross_entropy", 1);
  const { slopes, ...result } = preferenceLoss(rows, logprobs, lossConfig);
  if (hasBackward) {
    // The sum of -logprob * weight whose slopes are the same has the same gradient.
    const linear = rows.map((row, index) => ({ ...row, weights: slopes[index]!.map((x) => -x) }));
    await runPointwise(pool, { ...call, rows: linear }, "cross_entropy", 1);
  }
  return { ...result, logprobs };
}

/** Divides the rows of a call among the workers by length, and puts the answers back in order. */
async function runPointwise(
  pool: WorkerPool,
  call: TrainCall,
  loss: PointwiseLoss,
  scale: number,
): Promise<LossResult> {
  const { rows, lossConfig, hasBackward } = call;
  const shares = shareOut(rows, pool.size);
  const results = await pool.runOnAll<"train">((index) => {
    const share = shares[index] ?? [];
    if (share.length === 0) return null;
    const shareRows = share.map((row) => ownCopy(rows[row]!));
    return {
      kind: "train",
      rows: shareRows,
      loss,
      lossConfig,
      hasBackward,
      scale,
      ...call.target(index),
    };
  });
  const logprobs: Float32Array[] = [];
  let total = 0;
  const busyShares = shares.filter((share) => share.length > 0);
  for (const [part, result] of results.entries()) {
    total += result.loss;
    for (const [position, row] of busyShares[part]!.entries())
      logprobs[row] = result.logprobs[position]!;
  }
  return { loss: total, logprobs };
}

/** Longest row first, each to the worker with the fewest tokens. */
function shareOut(rows: readonly TrainRow[], count: number): number[][] {
  const shares = Array.from({ length: count }, () => ({ rows: [] as number[], tokens: 0 }));
  const order = rows
    .map((_, index) => index)
    .sort((a, b) => rows[b]!.tokens.length - rows[a]!.tokens.length || a - b);
  for (const index of order) {
    const share = shares.reduce((best, other) => (other.tokens < best.tokens ? other : best));
    share.rows.push(index);
    share.tokens += rows[index]!.tokens.length;
  }
  return shares.map((share) => share.rows.sort((a, b) => a - b));
}

function inverseWeight(rows: readonly TrainRow[]): number {
  let sum = 0;
  for (const { weights } of rows) for (const weight of weights) sum += Math.abs(weight);
  return sum === 0 ? 0 : 1 / sum;
}

/** Arrays of their own: posting a view to a worker would copy the whole buffer behind it. */
function ownCopy({ tokens, targets, weights, oldLogprobs, advantages }: TrainRow): TrainRow {
  return {
    tokens: tokens.slice(),
    targets: targets.slice(),
    weights: weights.slice(),
    ...(oldLogprobs ? { oldLogprobs: oldLogprobs.slice() } : {}),
    ...(advantages ? { advantages: advantages.slice() } : {}),
  };
}
