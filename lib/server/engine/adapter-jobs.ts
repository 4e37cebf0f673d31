import { allPairs, type AdapterView } from "./adapter-layout";
import type { Compute } from "./compute";
import { seededRandom } from "./random";
import type { AdamJob, ReduceJob } from "./worker-protocol";

/** Fresh LoRA weights: A uniform in ±1/sqrt(inputs) as PEFT draws it, B zero, so that the adapter changes nothing yet. */
export function initAdapter(
  compute: Compute,
  { layout, parameters }: AdapterView,
  seed: number,
): void {
  const { f32 } = compute;
  const random = seededRandom(seed);
  f32.fill(0, parameters, parameters + layout.words);
  for (const { inputs, a } of allPairs(layout)) {
    const bound = 1 / Math.sqrt(inputs);
    for (let i = 0; i < layout.rank * inputs; i++)
      f32[parameters + a + i] = (2 * random() - 1) * bound;
  }
}

/** Refreshes the panels that the forward direction reads. */
export function packAdapter(compute: Compute, { layout, parameters, panels }: AdapterView): void {
  const rank = layout.paddedRank;
  for (const { inputs, outputs, a, b } of allPairs(layout)) {
    compute.packInto(panels + a, { at: parameters + a, row: 1, column: inputs }, rank, inputs);
    compute.packInto(panels + b, { at: parameters + b, row: 1, column: rank }, outputs, rank);
  }
}

/** Sums the workers' gradients over a span into the first and returns the sum of their squares. */
export function reduceGradients(f32: Float32Array, { gradients, from, to }: ReduceJob): number {
  const [first = 0, ...others] = gradients;
  for (const other of others) {
    for (let i = from; i < to; i++) f32[first + i]! += f32[other + i]!;
    f32.fill(0, other + from, other + to);
  }
  let squares = 0;
  for (let i = from; i < to; i++) squares += f32[first + i]! * f32[first + i]!;
  return squares;
}

/** One AdamW step over a span; the gradients are zeroed. */
export function adamStep(f32: Float32Array, job: AdamJob): void {
  const { beta1, beta2, eps, learningRate, gradientScale } = job;
  const firstCorrection = 1 / (1 - beta1 ** job.step);
  const secondCorrection = 1 / (1 - beta2 ** job.step);
  const keep = 1 - learningRate * job.weightDecay;
  for (let i = job.from; i < job.to; i++) {
    const gradient = f32[job.gradients + i]! * gradientScale;
    const first = beta1 * f32[job.firstMoment + i]! + (1 - beta1) * gradient;
    const second = beta2 * f32[job.secondMoment + i]! + (1 - beta2) * gradient * gradient;
    f32[job.firstMoment + i] = first;
    f32[job.secondMoment + i] = second;
    const step =
      (learningRate * first * firstCorrection) / (Math.sqrt(second * secondCorrection) + eps);
    f32[job.parameters + i] = f32[job.parameters + i]! * keep - step;
    f32[job.gradients + i] = 0;
  }
}
