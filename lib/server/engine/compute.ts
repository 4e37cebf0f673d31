import type { Crew } from "./crew";
import { HALF_PANEL_WIDTH } from "./half-panels";
import type { Kernels } from "./kernels";

/** The first words of an arena hold the scalar operands and results of kernels. */
const CONSTANT_WORDS = 4;
/** Which of them holds the most words that were ever taken, for {@link peakWords}. */
const PEAK = 3;
/** Numbers of a bfloat16 operand that are unpacked at once: they stay in the second cache while all rows use them. */
const UNPACKED_WORDS = 1 << 18;
/** From so many rows on, unpacking first beats unpacking in the product. */
const UNPACKING_ROWS = 24;

/** A span of the shared memory, in 4-byte words. */
export interface Region {
  start: number;
  words: number;
}

/** A matrix operand: first word and the words between rows and between columns. */
export interface Strided {
  at: number;
  row: number;
  column: number;
}

/** The right operand of a product, in panels of eight columns, or of sixteen in bfloat16. */
export interface Panels {
  at: number;
  row: number;
  panel: number;
  /** In bfloat16, as `half-panels.ts` says. */
  isHalf?: boolean;
}

const PANEL_WIDTH = 8;

export function roundUp(count: number, multiple: number): number {
  return Math.ceil(count / multiple) * multiple;
}

/** B[K,N] packed densely: panel after panel, each K rows of eight numbers. */
export function densePanels(at: number, K: number): Panels {
  return { at, row: PANEL_WIDTH, panel: K * PANEL_WIDTH };
}

/** B[K,N] packed densely as bfloat16. */
export function denseHalfPanels(at: number, K: number): Panels {
  const row = HALF_PANEL_WIDTH / 2;
  return { at, row, panel: K * row, isHalf: true };
}

/** Words that a product with bfloat16 panels of K rows takes for a while. */
export function unpackedWords(K: number): number {
  return unpackedColumns(K) * K;
}

/** Columns of K numbers, or rows of K, that are unpacked at once. */
export function unpackedColumns(K: number): number {
  const panels = Math.max(1, Math.floor(UNPACKED_WORDS / K / HALF_PANEL_WIDTH));
  return panels * HALF_PANEL_WIDTH;
}

/** A row-major B[K,N] read in place. */
export function rowMajorPanels(at: number, rowWords: number): Panels {
  return { at, row: rowWords, panel: PANEL_WIDTH };
}

/** The most words of an arena that were ever in use: the others have never been touched. */
export function peakWords(u32: Uint32Array, arena: Region): number {
  return u32[arena.start + PEAK]!;
}

/** One worker's view of the shared memory: kernels that count in words, and a bump allocator over its own arena. */
export class Compute {
  readonly f32: Float32Array;
  /** The same memory as bits. */
  readonly u32: Uint32Array;
  readonly kernels: Kernels;
  /** A word for the scalar operand of one kernel call. */
  readonly constant: number;
  private readonly arena: Region;
  private readonly crew: Crew | null;
  private top: number;

  /** @param crew - other workers that may help with products of few rows */
  constructor(f32: Float32Array, kernels: Kernels, arena: Region, crew: Crew | null = null) {
    this.f32 = f32;
    this.u32 = new Uint32Array(f32.buffer, f32.byteOffset, f32.length);
    this.kernels = kernels;
    this.constant = arena.start;
    this.arena = arena;
    this.crew = crew;
    this.top = arena.start + CONSTANT_WORDS;
  }

  /** Where the next allocation begins; hand it to {@link release} to free everything allocated since. */
  mark(): number {
    return this.top;
  }

  release(mark: number): void {
    this.top = mark;
  }

  /** Frees the whole arena, after a failure. */
  reset(): void {
    this.top = this.arena.start + CONSTANT_WORDS;
  }

  /** @throws Error when the arena is full, which the planner in `memory-plan.ts` rules out */
  allocate(words: number): number {
    const at = this.top;
    this.top += roundUp(words, 4);
    if (this.top > this.arena.start + this.arena.words)
      throw new Error("The engine's working memory is full.");
    const taken = this.top - this.arena.start;
    if (taken > this.u32[this.constant + PEAK]!) this.u32[this.constant + PEAK] = taken;
    return at;
  }

  zeros(words: number): number {
    const at = this.allocate(words);
    this.f32.fill(0, at, at + words);
    return at;
  }

  /** C[M,N] (+)= A[M,K] B[K,N]; N is a multiple of 8 and `c` row-major with `cRow` words per row. */
  multiply(
    a: Strided,
    b: Panels,
    c: number,
    cRow: number,
    M: number,
    N: number,
    K: number,
    isAdding: boolean,
  ): void {
    if (M === 0 || N === 0 || K === 0) return;
    const { gemm, gemmHalf, gemv, gemvHalf } = this.kernels;
    const isHalf = b.isHalf === true;
    if (isHalf && M >= UNPACKING_ROWS) {
      this.multiplyUnpacked(a, b, c, cRow, M, N, K, isAdding);
      return;
    }
    const [aAt, aRow, aColumn] = [a.at * 4, a.row * 4, a.column * 4] as const;
    const [bAt, bRow, bPanel] = [b.at * 4, b.row * 4, b.panel * 4] as const;
    const [cAt, cBytes, adding] = [c * 4, cRow * 4, isAdding ? 1 : 0] as const;
    if (isHalf && this.crew) {
      this.crew.multiply(aAt, aRow, aColumn, bAt, bRow, bPanel, cAt, cBytes, M, N, K, adding);
    } else if (M === 1 && a.column === 1) {
      (isHalf ? gemvHalf : gemv)(aAt, bAt, bRow, bPanel, cAt, N, K, adding);
    } else {
      const kernel = isHalf ? gemmHalf : gemm;
      kernel(aAt, aRow, aColumn, bAt, bRow, bPanel, cAt, cBytes, M, N, K, adding);
    }
  }

  private multiplyUnpacked(
    a: Strided,
    b: Panels,
    c: number,
    cRow: number,
    M: number,
    N: number,
    K: number,
    isAdding: boolean,
  ): void {
    const columns = unpackedColumns(K);
    const at = this.allocate(columns * K);
    for (let first = 0; first < N; first += columns) {
      const count = Math.min(columns, N - first);
      const source = b.at + (first / HALF_PANEL_WIDTH) * b.panel;
      const panels = Math.ceil(count / HALF_PANEL_WIDTH);
      this.kernels.unpackHalves(source * 4, at * 4, K, panels);
      this.multiply(a, densePanels(at, K), c + first, cRow, M, count, K, isAdding);
    }
    this.release(at);
  }

  /** Copies B[K,N] into panels at `target`. */
  packInto(target: number, b: Strided, N: number, K: number, panelWords = K * PANEL_WIDTH): void {
    this.kernels.pack(b.at * 4, b.row * 4, b.column * 4, target * 4, panelWords * 4, N, K);
  }

  /** Copies B[K,N] into freshly allocated dense panels. */
  pack(b: Strided, N: number, K: number): Panels {
    const at = this.allocate(N * K);
    this.packInto(at, b, N, K);
    return densePanels(at, K);
  }

  /**
   * target = exp((source - largest) * scale) for `count` numbers, the largest of the source and the sum of the target;
   * up to three more words of both are overwritten. The target may be the source.
   */
  exponentials(
    source: number,
    count: number,
    target: number,
    scale: number,
  ): { largest: number; sum: number } {
    const { f32, constant } = this;
    const padded = roundUp(count, 4);
    f32.fill(-Infinity, source + count, source + padded);
    f32[constant] = scale;
    const [at, result] = [constant * 4, (constant + 1) * 4];
    this.kernels.exponentials(source * 4, target * 4, padded, at, result);
    f32.fill(0, target + count, target + padded);
    return { largest: f32[constant + 1]!, sum: f32[constant + 2]! };
  }

  /**
   * Replaces rows of scores by the softmax of the first `seen` of them in the first row, of one more in each later one,
   * all times `scale`; what is behind those becomes 0 up to `width`, which rounds the last row's number up to eight at least.
   */
  softmaxRows(
    at: number,
    rowWords: number,
    rows: number,
    seen: number,
    width: number,
    scale: number,
  ): void {
    this.f32[this.constant] = scale;
    this.kernels.softmaxRows(at * 4, rowWords * 4, rows, seen, width, this.constant * 4);
  }

  /**
   * Turns the gradient of rows of probabilities into that of their scores before these were scaled; `count` is a
   * multiple of 4.
   */
  softmaxBackward(
    probability: number,
    gradient: number,
    rowWords: number,
    rows: number,
    count: number,
    scale: number,
  ): void {
    this.f32[this.constant] = scale;
    const rowBytes = rowWords * 4;
    const { kernels, constant } = this;
    kernels.softmaxBackward(probability * 4, gradient * 4, rowBytes, rows, count, constant * 4);
  }

  scale(target: number, count: number, factor: number): void {
    this.f32[this.constant] = factor;
    this.kernels.scaleVector(target * 4, this.constant * 4, count);
  }

  add(target: number, a: number, b: number, count: number): void {
    this.kernels.addVectors(target * 4, a * 4, b * 4, count);
  }
}
