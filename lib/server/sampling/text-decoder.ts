/** Byte tokens of one character arrive one by one; after this many the bytes are no character and are shown as they are. */
const MAX_PENDING_TOKENS = 4;
const HALF_CHARACTER = "\ufffd";

/**
 * Turns tokens into text as they come and never emits half a character.
 *
 * The last emitted tokens are decoded again with the new ones, because a token's text may depend on its neighbour.
 */
export class TokenTextDecoder {
  private readonly decode: (ids: number[]) => string;
  private context: number[] = [];
  private pending: number[] = [];

  constructor(decode: (ids: number[]) => string) {
    this.decode = decode;
  }

  /** The text that became certain with this token; often empty. */
  push(token: number): string {
    this.pending.push(token);
    const text = this.pendingText();
    if (text.endsWith(HALF_CHARACTER) && this.pending.length < MAX_PENDING_TOKENS) return "";
    if (text === "") return "";
    this.context = this.pending;
    this.pending = [];
    return text;
  }

  /** What is left at the end, without a character that was cut. */
  flush(): string {
    const text = this.pendingText();
    this.context = this.pending = [];
    return text.replace(/\ufffd+$/, "");
  }

  private pendingText(): string {
    const known = this.decode(this.context);
    return this.decode([...this.context, ...this.pending]).slice(known.length);
  }
}
