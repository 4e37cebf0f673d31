import type { Region } from "./compute";
import { HALF_PANEL_WIDTH } from "./half-panels";
import type { Kernels } from "./kernels";

const WORD_BYTES = 4;
/** Columns that the kernel works on at once. */
const STEP = 2 * HALF_PANEL_WIDTH;
/** Weights in a tile, at least: some microseconds of work, so that taking it costs little. */
const TILE_WEIGHTS = 1 << 14;
/** Between two tiles the reading of memory starts anew. */
const MOST_TILES = 16;

/** Words of a worker's place on the board: a cache line. */
const PLACE_WORDS = 16;
/** Tiles that nobody has taken; 0 or less when there are none. */
const LEFT = 0;
/** Tiles that helpers have finished. */
const HELPED = 1;
const TILE_COLUMNS = 2;
/** The arguments of `gemmHalf` from here on. */
const PRODUCT = 3;

/** Looks before a worker lets the processor go: longer than what lies between two products of a token. */
const LOOKS = 1 << 14;
const LOOKS_A_CLOCK = 256;
const NAP_MS = 0.05;

/** A helper that lost the processor for so long does harm: a product waits for the tile that it holds. */
const LOST_MS = 1;
const REST_MS = 50;

/** Words of the board that so many workers share. */
export function boardWords(threads: number): number {
  return threads * PLACE_WORDS;
}

/**
 * One worker's hand in products of few rows that several workers compute: a worker lays its product out on the board, in tiles, and
 * whoever has nothing else to do takes some. Nothing waits for help that has not begun, and every number is the
 * same whoever computes it.
 */
export class Crew {
  private readonly board: Int32Array;
  private readonly kernels: Kernels;
  private readonly own: number;
  private restsUntil = 0;

  /** @param index - which worker this is, counted from 0 */
  constructor(memory: WebAssembly.Memory, kernels: Kernels, board: Region, index: number) {
    this.board = new Int32Array(memory.buffer, board.start * WORD_BYTES, board.words);
    this.kernels = kernels;
    this.own = index * PLACE_WORDS;
  }

  /** Some rows times bfloat16 panels, as `gemmHalf` does it. */
  multiply(
    a: number,
    aRow: number,
    aColumn: number,
    b: number,
    bRow: number,
    bPanel: number,
    c: number,
    cRow: number,
    M: number,
    N: number,
    K: number,
    accumulate: number,
  ): void {
    const { board, own } = this;
    const columns = Math.ceil(Math.max(TILE_WEIGHTS / K, N / MOST_TILES) / STEP) * STEP;
    const tiles = Math.ceil(N / columns);
    const product = [a, aRow, aColumn, b, bRow, bPanel, c, cRow, M, N, K, accumulate];
    board[own + TILE_COLUMNS] = columns;
    board.set(product, own + PRODUCT);
    board[own + HELPED] = 0;
    Atomics.store(board, own + LEFT, tiles);
    let others = tiles;
    while (this.runTile(own)) others--;
    for (let looks = 0; ; looks++) {
      const helped = Atomics.load(board, own + HELPED);
      if (helped === others) return;
      if (looks > LOOKS) Atomics.wait(board, own + HELPED, helped, NAP_MS);
    }
  }

  /** Works on the others' products for about this long, unless the machine has no processor to spare. */
  help(ms: number): void {
    const { board, own } = this;
    const startedAt = performance.now();
    if (startedAt < this.restsUntil) {
      this.sleep(ms);
      return;
    }
    let lastAt = startedAt;
    const goesOn = () => {
      const now = performance.now();
      if (now - lastAt > LOST_MS) this.restsUntil = now + REST_MS;
      lastAt = now;
      return now < startedAt + ms && now >= this.restsUntil;
    };
    for (let looks = 1; looks % LOOKS_A_CLOCK > 0 || goesOn(); looks++) {
      for (let place = 0; place < board.length; place += PLACE_WORDS) {
        if (place === own || Atomics.load(board, place + LEFT) <= 0) continue;
        while (this.runTile(place)) {
          Atomics.add(board, place + HELPED, 1);
          if (!goesOn()) return;
          looks = 1;
        }
      }
      if (looks <= LOOKS) continue;
      this.sleep(NAP_MS);
      if (!goesOn()) return;
    }
  }

  private sleep(ms: number): void {
    const word = this.own + HELPED;
    Atomics.wait(this.board, word, Atomics.load(this.board, word), ms);
  }

  /** Takes a tile and computes it; false when none is left. A place is not written to until all its tiles are done. */
  private runTile(place: number): boolean {
    const { board } = this;
    const tile = Atomics.sub(board, place + LEFT, 1) - 1;
    if (tile < 0) return false;
    const at = (index: number) => board[place + PRODUCT + index]!;
    const columns = board[place + TILE_COLUMNS]!;
    const first = tile * columns;
    const [bRow, bPanel, M] = [at(4), at(5), at(8)];
    const b = at(3) + (first / HALF_PANEL_WIDTH) * bPanel;
    const c = at(6) + first * WORD_BYTES;
    const N = Math.min(columns, at(9) - first);
    const { gemvHalf, gemmHalf } = this.kernels;
    if (M === 1 && at(2) === WORD_BYTES) gemvHalf(at(0), b, bRow, bPanel, c, N, at(10), at(11));
    else gemmHalf(at(0), at(1), at(2), b, bRow, bPanel, c, at(7), M, N, at(10), at(11));
    return true;
  }
}
