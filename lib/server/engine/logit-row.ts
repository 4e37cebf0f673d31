import { roundUp, type Compute } from "./compute";

/** exp((logit - largest) / temperature) of every token, their sum, and the largest logit. */
export interface LogitOdds {
  odds: Float32Array;
  sum: number;
  largest: number;
}

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

  /** The view of the odds holds until the engine's next allocation. */
  weigh(temperature: number): LogitOdds {
    const { compute, at, numbers } = this;
    const target = compute.allocate(roundUp(numbers.length, 8));
    const result = compute.exponentials(at, numbers.length, target, 1 / temperature);
    compute.release(target);
    return { ...result, odds: compute.f32.subarray(target, target + numbers.length) };
  }
}
