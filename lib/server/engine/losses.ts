import type { LossConfig, PointwiseLoss } from "./types";

const DEFAULT_CLIP_LOW = 0.8;
const DEFAULT_CLIP_HIGH = 1.2;

/** Everything about one position except the model's log probability of its target. */
export interface LossTerm {
  weight: number;
  oldLogprob: number;
  advantage: number;
}

/**
 * One position's share of the loss and its derivative with respect to the target's log probability.
 *
 * @param scale - 1 / sum of the sizes of all weights of the call for `cross_entropy`; ignored by the other losses
 */
export function lossAt(
  name: PointwiseLoss,
  config: LossConfig,
  logprob: number,
  { weight, oldLogprob, advantage }: LossTerm,
  scale: number,
): { loss: number; slope: number } {
  switch (name) {
    case "cross_entropy":
      return { loss: -logprob * weight * scale, slope: -weight * scale };
    case "importance_sampling": {
      const gain = Math.exp(logprob - oldLogprob) * advantage;
      return { loss: -gain, slope: -gain };
    }
    case "ppo": {
      const ratio = Math.exp(logprob - oldLogprob);
      const low = config.clip_low_threshold ?? DEFAULT_CLIP_LOW;
      const high = config.clip_high_threshold ?? DEFAULT_CLIP_HIGH;
      const gain = ratio * advantage;
      const clippedGain = Math.min(Math.max(ratio, low), high) * advantage;
      return gain <= clippedGain ? { loss: -gain, slope: -gain } : { loss: -clippedGain, slope: 0 };
    }
  }
}
