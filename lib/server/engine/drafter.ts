/** More than most vocabularies have, and small enough for three tokens in one exact number. */
const KEY_BASE = 200_000;
/** So many tokens must have come as expected before any is drafted. */
const PROOF = 3;

/**
 * Expects a text to go on as it did where its last three tokens stood before. Once it was right for some tokens it drafts
 * as many more: whoever asks computes all of them at once and keeps what turns out right.
 */
export class Drafter {
  private readonly tokens: number[] = [];
  /** Where the latest occurrence of three tokens ends. */
  private readonly ends = new Map<number, number>();
  /** How many of the latest tokens came as expected. */
  private right = 0;

  /** @param prompt - token ids */
  constructor(prompt: ArrayLike<number>) {
    this.append(prompt);
    this.right = 0;
  }

  /** At most so many tokens that may come next. */
  propose(most: number): readonly number[] {
    const end = this.expectedFrom();
    if (end === undefined || this.right < PROOF) return [];
    return this.tokens.slice(end, end + Math.min(most, this.right));
  }

  /** Tells which tokens have come. */
  append(tokens: ArrayLike<number>): void {
    for (const token of Array.from(tokens)) {
      const end = this.expectedFrom();
      this.right = end !== undefined && this.tokens[end] === token ? this.right + 1 : 0;
      if (this.tokens.length >= 3) this.ends.set(this.lastThree(), this.tokens.length);
      this.tokens.push(token);
    }
  }

  private expectedFrom(): number | undefined {
    return this.tokens.length < 3 ? undefined : this.ends.get(this.lastThree());
  }

  /** Where ids are too large for it to be unique, some drafts are wrong, and nothing else. */
  private lastThree(): number {
    const [a, b, c] = this.tokens.slice(-3) as [number, number, number];
    return (a * KEY_BASE + b) * KEY_BASE + c;
  }
}
