import { roundUp, type Compute } from "./compute";

/** One position's logits in the engine's memory, with room behind them up to a multiple of eight. */
export class LogitRow {
  /** One for each token of the vocabulary. */
  readonly numbers: Float32Array;
  private readonly compute: Compute;
  private readonly at: number;

  constructor(compute: Compute, at: number, vocabSize: number) {
    this.numbers = compute.f32.subarray(at, at + vocabSize);
    this.compute = compute;
    this.at = at;
  }

  /** exp((logit - largest) / temperature) of every token. The view holds until the engine's next allocation. */
  odds(temperature: number): Float32Array {
    return this.exponentials(1 / temperature).odds;
  }

  /** The natural log of the sum of exp(logit). */
  logOfSum(): number {
    const { largest, sum } = this.exponentials(1);
    return largest + Math.log(sum);
  }

  private exponentials(scale: number) {
    const { compute, at, numbers } = this;
    const target = compute.allocate(roundUp(numbers.length, 8));
    const result = compute.exponentials(at, numbers.length, target, scale);
    compute.release(target);
    return { ...result, odds: compute.f32.subarray(target, target + numbers.length) };
  }
}
