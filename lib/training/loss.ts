/** A sum of losses over trained tokens, so that parts of a batch add up to its mean. */
export interface LossSum {
  /** Nats, summed over the trained tokens. */
  nats: number;
  trainedTokens: number;
}

/**
 * Negative log-likelihood of one row over its trained tokens. Positions of weight 0 are not read: servers put anything there.
 *
 * @param logprobs - natural log, aligned with `weights`; a NaN at a trained token makes the sum NaN
 * @param weights - of the targets, 0 or 1
 * @returns null when the server sent no logprobs, or not one a target
 */
export function lossOfRow(
  logprobs: ArrayLike<number> | null,
  weights: ArrayLike<number>,
): LossSum | null {
  if (!logprobs || logprobs.length !== weights.length) return null;
  let nats = 0;
  let trainedTokens = 0;
  for (let i = 0; i < weights.length; i++) {
    if (!weights[i]) continue;
    nats -= logprobs[i] ?? Number.NaN;
    trainedTokens += 1;
  }
  return { nats, trainedTokens };
}

/** Nats per trained token; 0 for a batch that trains nothing. */
export function meanLoss(rows: readonly LossSum[]): number {
  const trainedTokens = rows.reduce((sum, row) => sum + row.trainedTokens, 0);
  return trainedTokens === 0 ? 0 : rows.reduce((sum, row) => sum + row.nats, 0) / trainedTokens;
}

/**
 * The mean that a server's own metrics tell of a call, null when they tell none. Servers decorate the names: the first that
 * begins with `loss` counts, and one that says `sum` is divided by the trained tokens of the call.
 */
export function toldLoss(metrics: Record<string, number>, trainedTokens: number): number | null {
  const [name, value] = Object.entries(metrics).find(([key]) => key.startsWith("loss")) ?? [];
  if (name === undefined || value === undefined) return null;
  return /\bsum\b/.test(name) && trainedTokens > 0 ? value / trainedTokens : value;
}
