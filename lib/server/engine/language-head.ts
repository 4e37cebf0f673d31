import type { Matrix } from "./base-layout";
import { roundUp, type Compute } from "./compute";
import { propagateGradient, forwardPanels } from "./linear";

/** Logits held at once; large vocabularies are worked through a few positions at a time. */
const LOGIT_WORDS = 1 << 23;

/** How many positions {@link scoreTargets} holds logits of at once. */
export function headBlock(vocabSize: number): number {
  return Math.max(1, Math.floor(LOGIT_WORDS / roundUp(vocabSize, 8)));
}

/** Called with each log probability; what it returns is the loss's derivative with respect to it. */
export type OnLogprob = (index: number, logprob: number) => number;

/**
 * Log probabilities of `targets[n]` given hidden[N, hiddenSize]. With `hiddenGradient` the gradient of the loss with
 * respect to `hidden` is written there, and the head's own gradient where the base is trainable. Yields between its
 * products, which are long for a large vocabulary.
 */
export function* scoreTargets(
  compute: Compute,
  head: Matrix,
  hidden: number,
  targets: Int32Array,
  onLogprob: OnLogprob,
  hiddenGradient: number,
  baseShift: number,
): Generator<void, void> {
  const { inputs, outputs: vocabSize } = head;
  const padded = roundUp(vocabSize, 8);
  const outer = compute.mark();
  const panels = forwardPanels(compute, head);
  const block = headBlock(vocabSize);
  for (let first = 0; first < targets.length; first += block) {
    const mark = compute.mark();
    const count = Math.min(block, targets.length - first);
    const logits = compute.allocate(count * padded);
    const source = { at: hidden + first * inputs, row: inputs, column: 1 };
    compute.multiply(source, panels, logits, padded, count, padded, inputs, false);
    yield;
    for (let n = 0; n < count; n++) {
      const row = logits + n * padded;
      const target = targets[first + n]!;
      const logit = compute.f32[row + target]!;
      const { largest, sum } = compute.exponentials(row, vocabSize, row, 1);
      const logprob = logit - largest - Math.log(sum);
      const slope = onLogprob(first + n, logprob);
      if (hiddenGradient < 0) continue;
      compute.scale(row, padded, -slope / sum);
      compute.f32.fill(0, row + vocabSize, row + padded);
      compute.f32[row + target]! += slope;
    }
    if (hiddenGradient >= 0) {
      propagateGradient(compute, head, logits, count, hiddenGradient + first * inputs, false);
      if (baseShift >= 0) {
        const packed = compute.pack({ at: source.at, row: inputs, column: 1 }, inputs, count);
        const transposed = { at: logits, row: 1, column: padded };
        compute.multiply(
          transposed,
          packed,
          head.rows + baseShift,
          inputs,
          padded,
          inputs,
          count,
          true,
        );
      }
    }
    compute.release(mark);
    yield;
  }
  compute.release(outer);
}
