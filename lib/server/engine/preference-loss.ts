import type { LossConfig, PreferenceForm, PreferencePair, PreferenceSide, TrainRow } from "./types";

interface PreferenceLoss {
  loss: number;
  /** Derivative of the loss with respect to every log probability of every row. */
  slopes: Float32Array[];
  pairs: PreferencePair[];
}

type PairLoss = (
  chosen: number,
  rejected: number,
  beta: number,
) => [loss: number, chosenSlope: number, rejectedSlope: number];

/** Each form as a function of the rewards of a pair. */
const FORMS: Record<PreferenceForm, PairLoss> = {
  sigmoid: (chosen, rejected) => {
    const slope = sigmoid(rejected - chosen);
    return [logOnePlusExp(rejected - chosen), -slope, slope];
  },
  hinge: (chosen, rejected) => {
    const shortfall = 1 - (chosen - rejected);
    return shortfall > 0 ? [shortfall, -1, 1] : [0, 0, 0];
  },
  ipo: (chosen, rejected, beta) => {
    const error = chosen - rejected - 1 / (2 * beta);
    return [error ** 2, 2 * error, -2 * error];
  },
  kto_pair: (chosen, rejected) => {
    const [up, down] = [sigmoid(chosen), sigmoid(rejected)];
    return [1 - up + down, -up * (1 - up), down * (1 - down)];
  },
};

/** The loss `dpo` over pairs of rows, chosen then rejected, from the log probabilities of their targets. */
export function preferenceLoss(
  rows: readonly TrainRow[],
  logprobs: readonly Float32Array[],
  { dpo_beta: beta = 0.1, dpo_loss_type: form = "sigmoid", dpo_sft_weight: sft = 0 }: LossConfig,
): PreferenceLoss {
  const sides = rows.map((row, index) => side(row, logprobs[index]!, beta));
  const pairs = Array.from({ length: rows.length / 2 }, (_, index) => ({
    chosen: sides[2 * index]!,
    rejected: sides[2 * index + 1]!,
  }));
  const chosenRows = rows.filter((_, index) => index % 2 === 0);
  const sftFactor = sft / Math.max(1, sum(chosenRows.map(scoredCount)));
  const rowSlopes: number[] = [];
  let loss = 0;
  for (const { chosen, rejected } of pairs) {
    const [value, up, down] = FORMS[form](chosen.reward, rejected.reward, beta);
    loss += value / pairs.length - sftFactor * chosen.logprob;
    rowSlopes.push((beta * up) / pairs.length - sftFactor, (beta * down) / pairs.length);
  }
  const slopes = rows.map(({ weights }, index) =>
    weights.map((weight) => (weight === 0 ? 0 : rowSlopes[index]!)),
  );
  return { loss, slopes, pairs };
}

function side(row: TrainRow, logprobs: Float32Array, beta: number): PreferenceSide {
  const overScored = (values: Float32Array | undefined) =>
    sum(row.weights.map((weight, t) => (weight === 0 ? 0 : (values?.[t] ?? 0))));
  const [logprob, refLogprob] = [overScored(logprobs), overScored(row.refLogprobs)];
  return { logprob, refLogprob, reward: beta * (logprob - refLogprob) };
}

function scoredCount({ weights }: TrainRow): number {
  return weights.filter((weight) => weight !== 0).length;
}

function sum(values: Float32Array | number[]): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}

function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

function logOnePlusExp(x: number): number {
  return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
}
