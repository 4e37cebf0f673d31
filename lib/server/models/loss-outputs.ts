import { float32Tensor, type WireTensor } from "@/lib/protocol/tensors";

import { lossAt } from "../engine/losses";
import type { LossName, LossResult, PreferencePair, TrainRow } from "../engine/types";
import type { TrainBatch } from "./train-rows";

const OUTPUT_TYPES: Record<LossName, string> = {
  cross_entropy: "CrossEntropyLossReturn",
  importance_sampling: "ImportanceSamplingLossReturn",
  ppo: "PPOLossReturn",
  dpo: "ImportanceSamplingLossReturn",
};

/** The answer of forward and forward_backward. */
export interface ForwardOutput {
  loss_fn_output_type: string;
  /** One a row, in order. */
  loss_fn_outputs: { logprobs: WireTensor; elementwise_loss: WireTensor }[];
  metrics: { "loss:avg": number };
}

export function forwardOutput(batch: TrainBatch, result: LossResult): ForwardOutput {
  return {
    loss_fn_output_type: OUTPUT_TYPES[batch.loss],
    loss_fn_outputs: batch.rows.map((row, index) => {
      const logprobs = result.logprobs[index] ?? new Float32Array(row.tokens.length);
      return {
        logprobs: float32Tensor(logprobs),
        elementwise_loss: float32Tensor(elementwise(batch, row, logprobs)),
      };
    }),
    metrics: { "loss:avg": result.loss },
  };
}

/** Twinkle's figures of preference training: means over pairs, the accuracy in percent; none without pairs. */
export function preferenceMetrics(pairs: readonly PreferencePair[]): Record<string, number> {
  if (pairs.length === 0) return {};
  const mean = (value: (pair: PreferencePair) => number) =>
    pairs.reduce((sum, pair) => sum + value(pair), 0) / pairs.length;
  const margin = ({ chosen, rejected }: PreferencePair) => chosen.reward - rejected.reward;
  return {
    "logps/chosen": mean(({ chosen }) => chosen.logprob),
    "logps/rejected": mean(({ rejected }) => rejected.logprob),
    "logps/ref_chosen": mean(({ chosen }) => chosen.refLogprob),
    "logps/ref_rejected": mean(({ rejected }) => rejected.refLogprob),
    "rewards/chosen": mean(({ chosen }) => chosen.reward),
    "rewards/rejected": mean(({ rejected }) => rejected.reward),
    "rewards/margins": mean(margin),
    "rewards/accuracies": mean((pair) => (margin(pair) > 0 ? 100 : 0)),
  };
}

function elementwise(
  { loss, config }: TrainBatch,
  row: TrainRow,
  logprobs: Float32Array,
): Float32Array {
  return logprobs.map((logprob, t) => {
    const weight = row.weights[t] ?? 0;
    if (weight === 0) return 0;
    const term = {
      weight,
      oldLogprob: row.oldLogprobs?.[t] ?? 0,
      advantage: row.advantages?.[t] ?? 0,
    };
    return lossAt(loss === "dpo" ? "cross_entropy" : loss, config, logprob, term, 1).loss;
  });
}
