import { seededRandom, shuffle } from "@/lib/base/random";
import type { RunConfig, RunPlan } from "./types";

/**
 * The rows of a step, as a function of the step alone: every epoch has its own order, drawn from seed and epoch, and is
 * divided evenly, so that no batch is small beside the others: gradients are about equally noisy, and a server that gives
 * every copy of a model a part of the batch has enough for each. Remembers the order of one epoch.
 *
 * @returns a function of the step, counted from 0
 */
export function batchesOf(
  { seed }: Pick<RunConfig, "seed">,
  { trainRows, stepsPerEpoch }: Pick<RunPlan, "trainRows" | "stepsPerEpoch">,
): (step: number) => number[] {
  let known = { epoch: -1, order: trainRows };
  return (step) => {
    const epoch = Math.floor(step / stepsPerEpoch);
    if (known.epoch !== epoch)
      known = { epoch, order: shuffle([...trainRows], seededRandom(orderSeed(seed, epoch))) };
    const begin = (part: number) => Math.floor((part * trainRows.length) / stepsPerEpoch);
    const part = step % stepsPerEpoch;
    return known.order.slice(begin(part), begin(part + 1));
  };
}

/** Spreads neighbouring epochs over the whole range, so that seed 1 epoch 2 is not seed 2 epoch 1. */
function orderSeed(seed: number, epoch: number): number {
  return Math.imul(seed, 0x9e3779b1) ^ Math.imul(epoch + 1, 0x85ebca6b);
}
