/** More than most vocabularies have, and small enough for three tokens in one exact number. */
const KEY_BASE = 200_000;
const FIRST_LENGTH = 3;
/** After drafts of which nothing was right, so many tokens at most go by without one. */
const LONGEST_PAUSE = 32;

/**
 * Guesses how a text goes on: as it did where its last three tokens stood before. Whoever asks computes all guessed
 * positions at once and keeps what turns out right. Drafts grow while they are right, and pause when they are not.
 */
export class Drafter {
  private readonly tokens: number[];
  /** Where the latest occurrence of three tokens ends. */
  private readonly ends = new Map<number, number>();
  private draft: readonly number[] = [];
  private length = FIRST_LENGTH;
  private pause = 0;
  private waiting = 0;

  /** @param prompt - token ids */
  constructor(prompt: ArrayLike<number>) {
    this.tokens = Array.from(prompt);
    for (let end = 3; end < this.tokens.length; end++) this.ends.set(this.keyBefore(end), end);
  }

  /** At most so many tokens that may come next; none where nothing is known, or guessing has not paid. */
  propose(most: number): readonly number[] {
    const end = this.ends.get(this.keyBefore(this.tokens.length));
    const length = this.waiting > 0 ? 0 : Math.min(most, this.length);
    this.draft = end === undefined ? [] : this.tokens.slice(end, end + length);
    return this.draft;
  }

  /** Tells which tokens came after the last proposal. */
  accept(tokens: readonly number[]): void {
    const wrong = this.draft.findIndex((token, index) => token !== tokens[index]);
    if (this.draft.length > 0) this.learn(wrong < 0 ? this.draft.length : wrong);
    else this.waiting = Math.max(0, this.waiting - tokens.length);
    for (const token of tokens) {
      this.ends.set(this.keyBefore(this.tokens.length), this.tokens.length);
      this.tokens.push(token);
    }
  }

  private learn(right: number): void {
    this.length = right === this.draft.length ? 2 * this.length + 1 : Math.max(1, right);
    this.pause = right > 0 ? 0 : Math.min(LONGEST_PAUSE, 2 * this.pause + 1);
    this.waiting = this.pause;
  }

  /** Where ids are too large for it to be unique, some drafts are wrong, and nothing else. */
  private keyBefore(end: number): number {
    const token = (back: number) => this.tokens[end - back] ?? 0;
    return (token(3) * KEY_BASE + token(2)) * KEY_BASE + token(1);
  }
}
