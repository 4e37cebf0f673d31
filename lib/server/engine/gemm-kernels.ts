import { FunctionBuilder, I32, SIMD, V128 } from "./wasm-assembler";

const PANEL_WIDTH = 8;
const VECTOR_BYTES = 16;
const PANEL_BYTES = 4 * PANEL_WIDTH;
const CACHE_LINE_BYTES = 64;
/** The bits of the upper bfloat16 of a word. */
const HIGH_HALF = 0xffff0000;
/** Rows of A handled before the next panel of B, so that the block of A stays in the first cache. */
const ROW_BLOCK = 96;

interface MultiplyOptions {
  fma: boolean;
  /** B is in bfloat16 panels, unpacked while they are loaded. */
  isHalf: boolean;
}

/** `accumulator += a * b`, fused where the processor can. */
function multiplyAdd(
  fn: FunctionBuilder,
  accumulator: number,
  a: number,
  b: number,
  { fma }: Pick<MultiplyOptions, "fma">,
) {
  if (fma) fn.get(a).get(b).get(accumulator).simd(SIMD.relaxedMultiplyAdd).set(accumulator);
  else fn.get(accumulator).get(a).get(b).simd(SIMD.mul).simd(SIMD.add).set(accumulator);
}

/** Loads eight numbers of a panel; `mask` holds the bits of a high half. */
function loadPanelRow(
  fn: FunctionBuilder,
  at: number,
  [left, right]: readonly [number, number],
  mask: number,
  { isHalf }: Pick<MultiplyOptions, "isHalf">,
) {
  if (!isHalf) {
    fn.get(at).vectorLoad().set(left).get(at).vectorLoad(VECTOR_BYTES).set(right);
    return;
  }
  fn.get(at).vectorLoad().tee(left).get(mask).simd(SIMD.and).set(right);
  fn.get(left).i32(16).simd(SIMD.shiftLeft).set(left);
}

/** Stores pairs of vectors as rows of eight numbers, adding to what is there when `accumulate` is not 0. */
function storeVector(
  fn: FunctionBuilder,
  address: number,
  offset: number,
  value: number,
  isAdding: boolean,
) {
  fn.get(address);
  if (isAdding) fn.get(address).vectorLoad(offset).get(value).simd(SIMD.add);
  else fn.get(value);
  fn.vectorStore(offset);
}

/**
 * `gemm(a, aRow, aColumn, b, bRow, bPanel, c, cRow, M, N, K, accumulate)`: C[M,N] (+)= A[M,K] B[K,N].
 * Pointers and strides are in bytes. A has any strides; B comes in panels of eight columns, `bRow` bytes from one
 * row of a panel to the next and `bPanel` from panel to panel; C is row-major. N is a multiple of 8, M and K at least 1.
 */
export function gemmKernel(options: MultiplyOptions): FunctionBuilder {
  const fn = new FunctionBuilder(options.isHalf ? "gemmHalf" : "gemm", Array<number>(12).fill(I32));
  const [a, aRow, aColumn, b, bRow, bPanel, c, cRow, M, N, K, accumulate] = [
    0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11,
  ] as const;
  const tallTile = options.fma ? 4 : 6;
  const [row, column, k, blockStart, blockEnd, tallEnd] = Array.from({ length: 6 }, () =>
    fn.local(I32),
  ) as Six;
  const [bAt, panelAt, cPanelAt, aTile, cTile, cAt] = Array.from({ length: 6 }, () =>
    fn.local(I32),
  ) as Six;
  const [panelBytes, touched] = [fn.local(I32), fn.local(I32)];
  const aAt = Array.from({ length: tallTile }, () => fn.local(I32));
  const sums = Array.from({ length: tallTile }, () => [fn.local(V128), fn.local(V128)] as const);
  const [b0, b1, splat, mask] = [fn.local(V128), fn.local(V128), fn.local(V128), fn.local(V128)];

  /** Asks for all cache lines of a dense panel at once: a product alone would wait for one after the other. */
  const touchPanel = () => {
    fn.get(K).get(bRow).mul().set(panelBytes).i32(0).set(touched);
    fn.whileLess(touched, panelBytes, () => {
      fn.get(panelAt).get(touched).add().vectorLoad().set(splat);
      fn.increase(touched, CACHE_LINE_BYTES);
    });
  };
  const storeTile = (height: number, isAdding: boolean) => {
    for (const pair of sums.slice(0, height)) {
      pair.forEach((sum, half) => storeVector(fn, cAt, half * VECTOR_BYTES, sum, isAdding));
      fn.increaseBy(cAt, cRow);
    }
  };
  const tile = (height: number) => {
    const rows = aAt.slice(0, height);
    rows.forEach((pointer, index) => {
      fn.get(index === 0 ? aTile : (rows[index - 1] as number));
      if (index > 0) fn.get(aRow).add();
      fn.set(pointer);
    });
    for (const sum of sums.slice(0, height).flat()) fn.vector(0).set(sum);
    fn.get(panelAt).set(bAt).i32(0).set(k);
    fn.doWhileLess(k, K, () => {
      loadPanelRow(fn, bAt, [b0, b1], mask, options);
      rows.forEach((pointer, index) => {
        const [left, right] = sums[index] as readonly [number, number];
        fn.get(pointer).loadSplat().set(splat);
        multiplyAdd(fn, left, splat, b0, options);
        multiplyAdd(fn, right, splat, b1, options);
        fn.increaseBy(pointer, aColumn);
      });
      fn.increaseBy(bAt, bRow);
    });
    fn.get(cTile).set(cAt).get(accumulate);
    fn.ifElse(
      () => storeTile(height, true),
      () => storeTile(height, false),
    );
    fn.get(aTile).get(aRow).i32(height).mul().add().set(aTile);
    fn.get(cTile).get(cRow).i32(height).mul().add().set(cTile);
    fn.increase(row, height);
  };

  fn.vectorInt(HIGH_HALF).set(mask).i32(0).set(blockStart);
  fn.whileLess(blockStart, M, () => {
    fn.get(blockStart).i32(ROW_BLOCK).add().tee(blockEnd).get(M).greater();
    fn.ifElse(() => fn.get(M).set(blockEnd));
    fn.get(b).set(panelAt).address(cPanelAt, c, blockStart, cRow).i32(0).set(column);
    fn.whileLess(column, N, () => {
      // Models with whole numbers fit the second cache, where it would only cost time.
      if (options.isHalf) touchPanel();
      fn.get(blockStart).set(row).address(aTile, a, blockStart, aRow).get(cPanelAt).set(cTile);
      for (const height of [tallTile, 2, 1]) {
        fn.get(blockEnd)
          .i32(height - 1)
          .sub()
          .set(tallEnd);
        fn.whileLess(row, tallEnd, () => tile(height));
      }
      fn.increase(cPanelAt, PANEL_BYTES).increaseBy(panelAt, bPanel).increase(column, PANEL_WIDTH);
    });
    fn.get(blockEnd).set(blockStart);
  });
  return fn;
}

type Six = [number, number, number, number, number, number];

/**
 * `gemv(a, b, bRow, bPanel, c, N, K, accumulate)`: one contiguous row times B, as in {@link gemmKernel}.
 * Four panels at a time keep enough sums in flight to hide the latency of the multiply-add.
 */
export function gemvKernel(options: MultiplyOptions): FunctionBuilder {
  const fn = new FunctionBuilder(options.isHalf ? "gemvHalf" : "gemv", Array<number>(8).fill(I32));
  const [a, b, bRow, bPanel, c, N, K, accumulate] = [0, 1, 2, 3, 4, 5, 6, 7] as const;
  const [column, k, aAt, groupEnd] = [fn.local(I32), fn.local(I32), fn.local(I32), fn.local(I32)];
  const bAt = Array.from({ length: 4 }, () => fn.local(I32));
  const sums = Array.from({ length: 4 }, () => [fn.local(V128), fn.local(V128)] as const);
  const [splat, left, right, mask] = [
    fn.local(V128),
    fn.local(V128),
    fn.local(V128),
    fn.local(V128),
  ];

  const panels = (count: number) => {
    bAt.slice(0, count).forEach((pointer, index) => {
      fn.get(index === 0 ? b : (bAt[index - 1] as number));
      if (index > 0) fn.get(bPanel).add();
      fn.set(pointer);
    });
    for (const sum of sums.slice(0, count).flat()) fn.vector(0).set(sum);
    fn.get(a).set(aAt).i32(0).set(k);
    fn.doWhileLess(k, K, () => {
      fn.get(aAt).loadSplat().set(splat).increase(aAt, 4);
      bAt.slice(0, count).forEach((pointer, index) => {
        const [leftSum, rightSum] = sums[index] as readonly [number, number];
        loadPanelRow(fn, pointer, [left, right], mask, options);
        multiplyAdd(fn, leftSum, splat, left, options);
        multiplyAdd(fn, rightSum, splat, right, options);
        fn.increaseBy(pointer, bRow);
      });
    });
    const store = (isAdding: boolean) => () =>
      sums
        .slice(0, count)
        .flat()
        .forEach((sum, index) => storeVector(fn, c, index * VECTOR_BYTES, sum, isAdding));
    fn.get(accumulate).ifElse(store(true), store(false));
    fn.get(b).get(bPanel).i32(count).mul().add().set(b);
    fn.increase(c, count * PANEL_BYTES).increase(column, count * PANEL_WIDTH);
  };

  fn.vectorInt(HIGH_HALF).set(mask).i32(0).set(column);
  for (const count of [4, 1]) {
    fn.get(N)
      .i32((count - 1) * PANEL_WIDTH)
      .sub()
      .set(groupEnd);
    fn.whileLess(column, groupEnd, () => panels(count));
  }
  return fn;
}

/**
 * `pack(source, sourceRow, sourceColumn, target, targetPanel, N, K)`: copies B[K,N] of any strides into panels of
 * eight columns. Strides in bytes; `targetPanel` is the distance between panels. N is a multiple of 8.
 */
export function packKernel(): FunctionBuilder {
  const fn = new FunctionBuilder("pack", Array<number>(7).fill(I32));
  const [source, sourceRow, sourceColumn, target, targetPanel, N, K] = [
    0, 1, 2, 3, 4, 5, 6,
  ] as const;
  const [column, k, rowAt, at, out] = Array.from({ length: 5 }, () => fn.local(I32)) as [
    number,
    number,
    number,
    number,
    number,
  ];
  fn.i32(0).set(column);
  fn.whileLess(column, N, () => {
    fn.address(rowAt, source, column, sourceColumn).get(target).set(out).i32(0).set(k);
    fn.whileLess(k, K, () => {
      fn.get(rowAt).set(at).get(sourceColumn).i32(4).equals();
      fn.ifElse(
        () => {
          for (const offset of [0, VECTOR_BYTES])
            fn.get(out).get(at).vectorLoad(offset).vectorStore(offset);
        },
        () => {
          for (let lane = 0; lane < PANEL_WIDTH; lane++) {
            fn.get(out)
              .get(at)
              .loadF32()
              .storeF32(4 * lane);
            fn.increaseBy(at, sourceColumn);
          }
        },
      );
      fn.increase(out, PANEL_BYTES).increaseBy(rowAt, sourceRow).increase(k, 1);
    });
    fn.increaseBy(target, targetPanel).increase(column, PANEL_WIDTH);
  });
  return fn;
}
