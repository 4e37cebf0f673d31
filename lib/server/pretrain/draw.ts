import { seededRandom } from "../engine/random";

/** Seeded choices for the corpus: the same seed gives the same corpus. */
export class Draw {
  private readonly random: () => number;

  constructor(seed: number) {
    this.random = seededRandom(seed);
  }

  /** A whole number from `low` to `high`, both included. */
  between(low: number, high: number): number {
    return low + Math.floor(this.random() * (high - low + 1));
  }

  chance(probability: number): boolean {
    return this.random() < probability;
  }

  pick<T>(items: readonly T[]): T {
    return items[this.between(0, items.length - 1)]!;
  }

  /** Picks in proportion to each item's share. */
  weighted<T>(items: readonly (readonly [share: number, item: T])[]): T {
    let rest = this.random() * items.reduce((sum, [share]) => sum + share, 0);
    for (const [share, item] of items) {
      rest -= share;
      if (rest < 0) return item;
    }
    return items.at(-1)![1];
  }
}
