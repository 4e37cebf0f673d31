import { localPair, type Pair } from "./vector-loop";
import { FunctionBuilder, I32, SIMD } from "./wasm-assembler";

const VECTOR_BYTES = 16;
/** Columns of C that two neighbouring vectors hold. */
const PAIR_COLUMNS = 8;
const PAIR_BYTES = 4 * PAIR_COLUMNS;
const CACHE_LINE_BYTES = 64;
/** The bits of the upper bfloat16 of a word. */
const HIGH_HALF = 0xffff0000;
/** Rows of A handled before the next columns of B, so that the block of A stays in the caches. */
const ROW_BLOCK = 96;
/** The same where C is most of what is moved, and its block has to stay there. */
const SHORT_ROW_BLOCK = 24;
const SHORT_K = 64;
/** Pairs of columns that a single row is multiplied with at once: enough sums in flight to hide the multiply-add's latency. */
const ROW_PAIRS = 4;

/** How much of C is summed up in registers at once. The sums themselves are the same for every shape. */
export interface TileShape {
  rows: number;
  /** Of eight columns each. */
  pairs: 1 | 2;
}

interface MultiplyOptions {
  fma: boolean;
  /** B is in bfloat16 panels, unpacked while they are loaded. */
  isHalf: boolean;
}

/** `sums += splat * values`, fused where the processor can. */
function multiplyAdd(
  fn: FunctionBuilder,
  sums: Pair,
  splat: number,
  values: Pair,
  { fma }: Pick<MultiplyOptions, "fma">,
) {
  sums.forEach((sum, half) => {
    const value = values[half]!;
    if (fma) fn.get(splat).get(value).get(sum).simd(SIMD.relaxedMultiplyAdd).set(sum);
    else fn.get(sum).get(splat).get(value).simd(SIMD.mul).simd(SIMD.add).set(sum);
  });
}

function loadPair(fn: FunctionBuilder, at: number, [left, right]: Pair) {
  fn.get(at).vectorLoad().set(left).get(at).vectorLoad(VECTOR_BYTES).set(right);
}

/** Loads one or two times eight columns of a bfloat16 panel's row; `mask` holds the bits of a high half. */
function loadHalves(fn: FunctionBuilder, at: number, pairs: readonly Pair[], mask: number) {
  const [low, high] = pairs;
  loadPair(fn, at, low!);
  low!.forEach((words, half) => {
    if (high) fn.get(words).get(mask).simd(SIMD.and).set(high[half]!);
    fn.get(words).i32(16).simd(SIMD.shiftLeft).set(words);
  });
}

/** Stores pairs side by side, adding to what is there when `isAdding`. All loads come before the stores. */
function storePairs(
  fn: FunctionBuilder,
  address: number,
  pairs: readonly Pair[],
  isAdding: boolean,
  scratch: Pair,
) {
  pairs.forEach((pair, index) => {
    const offsets = pair.map((_, half) => index * PAIR_BYTES + half * VECTOR_BYTES);
    if (isAdding) {
      pair.forEach((value, half) => {
        fn.get(address).vectorLoad(offsets[half]).get(value).simd(SIMD.add).set(scratch[half]!);
      });
    }
    const values = isAdding ? scratch : pair;
    values.forEach((value, half) => fn.get(address).get(value).vectorStore(offsets[half]));
  });
}

/**
 * `gemm(a, aRow, aColumn, b, bRow, bPanel, c, cRow, M, N, K, accumulate)`: C[M,N] (+)= A[M,K] B[K,N].
 * Pointers and strides are in bytes. A has any strides; B comes in panels of eight columns, or of sixteen when it is in
 * bfloat16, `bRow` bytes from one row of a panel to the next and `bPanel` from panel to panel; C is row-major. N is a
 * multiple of 8, M and K at least 1.
 */
export function gemmKernel(options: MultiplyOptions, shape: TileShape): FunctionBuilder {
  const { isHalf } = options;
  const fn = new FunctionBuilder(isHalf ? "gemmHalf" : "gemm", Array<number>(12).fill(I32));
  const [a, aRow, aColumn, b, bRow, bPanel, c, cRow, M, N, K, accumulate] = [
    0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11,
  ] as const;
  // A half panel's row is two pairs: both are worked on at once, or the panel would be read twice.
  const mostPairs = isHalf ? 2 : shape.pairs;
  const { row, column } = fn.locals(I32, "row", "column");
  const { rowBlock, blockStart, blockEnd } = fn.locals(I32, "rowBlock", "blockStart", "blockEnd");
  const { tallEnd, wideEnd } = fn.locals(I32, "tallEnd", "wideEnd");
  const { panelAt, panelEnd } = fn.locals(I32, "panelAt", "panelEnd");
  const { touched, touchStep, panelBytes } = fn.locals(I32, "touched", "touchStep", "panelBytes");
  const { cPanelAt, aTile, cTile, cAt } = fn.locals(I32, "cPanelAt", "aTile", "cTile", "cAt");
  const aAt = Array.from({ length: shape.rows }, () => fn.local(I32));
  const bAt = Array.from({ length: mostPairs }, () => fn.local(I32));
  const sums = aAt.map(() => bAt.map(() => localPair(fn)));
  const values = bAt.map(() => localPair(fn));
  const stored = localPair(fn);
  const [splat, mask] = localPair(fn);

  /** Asks for all cache lines of some panels at once: a product alone would wait for one after the other. */
  const touchPanels = (count: number) => {
    for (const at of bAt.slice(0, count)) {
      fn.i32(0).set(touched).get(K).get(bRow).mul().set(panelBytes);
      fn.whileLess(touched, panelBytes, () => {
        fn.get(at).get(touched).add().vectorLoad().set(splat).increaseBy(touched, touchStep);
      });
    }
  };
  const loadRow = (pairs: number) => {
    if (isHalf) {
      loadHalves(fn, bAt[0]!, values.slice(0, pairs), mask);
      fn.increaseBy(bAt[0]!, bRow);
      return;
    }
    for (const [index, at] of bAt.slice(0, pairs).entries()) {
      loadPair(fn, at, values[index]!);
      fn.increaseBy(at, bRow);
    }
  };
  const storeTile = (height: number, pairs: number, isAdding: boolean) => {
    for (const rowSums of sums.slice(0, height)) {
      storePairs(fn, cAt, rowSums.slice(0, pairs), isAdding, stored);
      fn.increaseBy(cAt, cRow);
    }
  };
  const tile = (height: number, pairs: number) => {
    pointers(fn, aAt.slice(0, height), aTile, aRow);
    pointers(fn, isHalf ? bAt.slice(0, 1) : bAt.slice(0, pairs), panelAt, bPanel);
    for (const rowSums of sums.slice(0, height))
      for (const sum of rowSums.slice(0, pairs).flat()) fn.vector(0).set(sum);
    // The pointer counts: with a counter too, the loop would need more registers than there are.
    fn.address(panelEnd, panelAt, K, bRow);
    fn.doUntilEqual(bAt[0]!, panelEnd, () => {
      loadRow(pairs);
      aAt.slice(0, height).forEach((pointer, index) => {
        fn.get(pointer).loadSplat().set(splat).increaseBy(pointer, aColumn);
        for (let pair = 0; pair < pairs; pair++)
          multiplyAdd(fn, sums[index]![pair]!, splat, values[pair]!, options);
      });
    });
    fn.get(cTile).set(cAt).get(accumulate);
    fn.ifElse(
      () => storeTile(height, pairs, true),
      () => storeTile(height, pairs, false),
    );
    fn.get(aTile).get(aRow).i32(height).mul().add().set(aTile);
    fn.get(cTile).get(cRow).i32(height).mul().add().set(cTile);
    fn.increase(row, height);
  };
  /** The block's rows times the columns of so many pairs, while there are that many. */
  const columns = (pairs: number) => {
    setBelow(fn, wideEnd, N, pairs * PAIR_COLUMNS);
    fn.whileLess(column, wideEnd, () => {
      const panels = isHalf ? 1 : pairs;
      pointers(fn, bAt.slice(0, panels), panelAt, bPanel);
      touchPanels(panels);
      fn.get(blockStart).set(row).address(aTile, a, blockStart, aRow).get(cPanelAt).set(cTile);
      for (const height of heights(shape.rows)) {
        setBelow(fn, tallEnd, blockEnd, height);
        fn.whileLess(row, tallEnd, () => tile(height, pairs));
      }
      fn.increase(cPanelAt, pairs * PAIR_BYTES).increase(column, pairs * PAIR_COLUMNS);
      for (let panel = 0; panel < panels; panel++) fn.increaseBy(panelAt, bPanel);
    });
  };

  fn.vectorInt(HIGH_HALF).set(mask).i32(0).set(blockStart);
  fn.get(bRow).set(touchStep);
  fn.i32(CACHE_LINE_BYTES).get(bRow).greater();
  fn.ifElse(() => fn.i32(CACHE_LINE_BYTES).set(touchStep));
  fn.i32(SHORT_K).get(K).greater();
  fn.ifElse(
    () => fn.i32(SHORT_ROW_BLOCK).set(rowBlock),
    () => fn.i32(ROW_BLOCK).set(rowBlock),
  );
  fn.whileLess(blockStart, M, () => {
    fn.get(blockStart).get(rowBlock).add().tee(blockEnd).get(M).greater();
    fn.ifElse(() => fn.get(M).set(blockEnd));
    fn.get(b).set(panelAt).address(cPanelAt, c, blockStart, cRow).i32(0).set(column);
    for (let pairs = mostPairs; pairs > 0; pairs--) columns(pairs);
    fn.get(blockEnd).set(blockStart);
  });
  return fn;
}

/** Heights of tiles, tallest first, that together cover any number of rows. */
function heights(tallest: number): number[] {
  return [tallest, 4, 2, 1].filter((height, index) => index === 0 || height < tallest);
}

/** `targets[i] = base + i * stride`, all locals. */
function pointers(fn: FunctionBuilder, targets: readonly number[], base: number, stride: number) {
  targets.forEach((target, index) => {
    fn.get(index === 0 ? base : targets[index - 1]!);
    if (index > 0) fn.get(stride).add();
    fn.set(target);
  });
}

/** `target = limit - (count - 1)`: what an index must be below for `count` more to fit. */
function setBelow(fn: FunctionBuilder, target: number, limit: number, count: number) {
  fn.get(limit)
    .i32(count - 1)
    .sub()
    .set(target);
}

/** `gemv(a, b, bRow, bPanel, c, N, K, accumulate)`: one contiguous row times B, as in {@link gemmKernel}. */
export function gemvKernel(options: MultiplyOptions): FunctionBuilder {
  const { isHalf } = options;
  const fn = new FunctionBuilder(isHalf ? "gemvHalf" : "gemv", Array<number>(8).fill(I32));
  const [a, b, bRow, bPanel, c, N, K, accumulate] = [0, 1, 2, 3, 4, 5, 6, 7] as const;
  const { column, aAt, groupEnd, panelEnd } = fn.locals(
    I32,
    "column",
    "aAt",
    "groupEnd",
    "panelEnd",
  );
  const pairsAPanel = isHalf ? 2 : 1;
  const bAt = Array.from({ length: ROW_PAIRS / pairsAPanel }, () => fn.local(I32));
  const sums = Array.from({ length: ROW_PAIRS }, () => localPair(fn));
  const values = [localPair(fn), localPair(fn)];
  const stored = localPair(fn);
  const [splat, mask] = localPair(fn);

  const columns = (pairs: number) => {
    const panels = bAt.slice(0, Math.ceil(pairs / pairsAPanel));
    const used = sums.slice(0, pairs);
    pointers(fn, panels, b, bPanel);
    for (const sum of used.flat()) fn.vector(0).set(sum);
    fn.get(a).set(aAt).address(panelEnd, b, K, bRow);
    fn.doUntilEqual(panels[0]!, panelEnd, () => {
      fn.get(aAt).loadSplat().set(splat).increase(aAt, 4);
      panels.forEach((pointer, index) => {
        const ownSums = used.slice(index * pairsAPanel, (index + 1) * pairsAPanel);
        const loaded = values.slice(0, ownSums.length);
        if (isHalf) loadHalves(fn, pointer, loaded, mask);
        else loadPair(fn, pointer, loaded[0]!);
        ownSums.forEach((sum, pair) => multiplyAdd(fn, sum, splat, loaded[pair]!, options));
        fn.increaseBy(pointer, bRow);
      });
    });
    fn.get(accumulate).ifElse(
      () => storePairs(fn, c, used, true, stored),
      () => storePairs(fn, c, used, false, stored),
    );
    fn.get(b).get(bPanel).i32(panels.length).mul().add().set(b);
    fn.increase(c, pairs * PAIR_BYTES).increase(column, pairs * PAIR_COLUMNS);
  };

  fn.vectorInt(HIGH_HALF).set(mask).i32(0).set(column);
  for (const pairs of isHalf ? [ROW_PAIRS, 2, 1] : [ROW_PAIRS, 1]) {
    setBelow(fn, groupEnd, N, pairs * PAIR_COLUMNS);
    fn.whileLess(column, groupEnd, () => columns(pairs));
  }
  return fn;
}
