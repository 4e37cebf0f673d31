import { refusal } from "../http/errors";
import { roundUp, type Region } from "./compute";

const ALIGN_WORDS = 16;

/** First-fit allocator over a span of the shared memory; neighbouring free spans are joined again. */
export class Heap {
  private free: Region[];
  private readonly used = new Map<number, number>();

  constructor(region: Region) {
    this.free = [{ ...region }];
  }

  /** @throws WireError 503 when no free span is large enough: what runs now frees some when it ends */
  allocate(words: number): number {
    const size = roundUp(Math.max(words, 1), ALIGN_WORDS);
    const index = this.free.findIndex((span) => span.words >= size);
    const span = this.free[index];
    if (!span)
      throw refusal(
        503,
        "The local engine is out of memory: unload adapters or wait for running requests.",
      );
    const at = span.start;
    if (span.words === size) this.free.splice(index, 1);
    else this.free[index] = { start: at + size, words: span.words - size };
    this.used.set(at, size);
    return at;
  }

  release(at: number): void {
    const words = this.used.get(at);
    if (words === undefined) throw new Error("This span is not allocated.");
    this.used.delete(at);
    const sorted = [...this.free, { start: at, words }].sort((a, b) => a.start - b.start);
    const joined: Region[] = [];
    for (const span of sorted) {
      const last = joined.at(-1);
      if (last && last.start + last.words === span.start) last.words += span.words;
      else joined.push({ ...span });
    }
    this.free = joined;
  }

  usedWords(): number {
    let sum = 0;
    for (const words of this.used.values()) sum += words;
    return sum;
  }
}
