import { FunctionBuilder, I32, SIMD, V128 } from "./wasm-assembler";

const WORD_BYTES = 4;
const VECTOR_BYTES = 16;
/** Of a panel: eight numbers, or sixteen as bfloat16. */
const ROW_BYTES = 32;
const HIGH_HALF = 0xffff0000;
const PANEL_WIDTH = 8;

/**
 * `pack(source, sourceRow, sourceColumn, target, targetPanel, N, K)`: copies B[K,N] of any strides into panels of
 * eight columns. Strides in bytes; `targetPanel` is the distance between panels. N is a multiple of 8.
 */
export function packKernel(): FunctionBuilder {
  const fn = new FunctionBuilder("pack", Array<number>(7).fill(I32));
  const [source, sourceRow, sourceColumn, target, targetPanel, N, K] = [
    0, 1, 2, 3, 4, 5, 6,
  ] as const;
  const { column, k, rowAt, at, out } = fn.locals(I32, "column", "k", "rowAt", "at", "out");
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
      fn.increase(out, ROW_BYTES).increaseBy(rowAt, sourceRow).increase(k, 1);
    });
    fn.increaseBy(target, targetPanel).increase(column, PANEL_WIDTH);
  });
  return fn;
}

/**
 * `unpackHalves(source, target, panelRows, panels)`: bfloat16 panels of sixteen columns to twice as many panels of
 * eight 32-bit floats, all of them `panelRows` rows long.
 */
export function unpackHalvesKernel(): FunctionBuilder {
  const fn = new FunctionBuilder("unpackHalves", Array<number>(4).fill(I32));
  const [source, target, panelRows, panels] = [0, 1, 2, 3] as const;
  const { panel, row, highTarget } = fn.locals(I32, "panel", "row", "highTarget");
  const words = [fn.local(V128), fn.local(V128)];
  fn.i32(0).set(panel);
  fn.whileLess(panel, panels, () => {
    fn.get(target).get(panelRows).i32(ROW_BYTES).mul().add().set(highTarget).i32(0).set(row);
    fn.whileLess(row, panelRows, () => {
      words.forEach((word, half) =>
        fn
          .get(source)
          .vectorLoad(half * VECTOR_BYTES)
          .set(word),
      );
      words.forEach((word, half) => {
        fn.get(target).get(word).i32(16).simd(SIMD.shiftLeft);
        fn.vectorStore(half * VECTOR_BYTES);
      });
      words.forEach((word, half) => {
        fn.get(highTarget).get(word).vectorInt(HIGH_HALF).simd(SIMD.and);
        fn.vectorStore(half * VECTOR_BYTES);
      });
      for (const pointer of [source, target, highTarget]) fn.increase(pointer, ROW_BYTES);
      fn.increase(row, 1);
    });
    fn.get(highTarget).set(target).increase(panel, 1);
  });
  return fn;
}

/**
 * `transposeHalves(source, inputs, target, panels)`: bfloat16 panels over sixteen outputs each to panels of 32-bit floats
 * over eight inputs, sixteen times `panels` rows long. `inputs` is a multiple of 8.
 */
export function transposeHalvesKernel(): FunctionBuilder {
  const fn = new FunctionBuilder("transposeHalves", Array<number>(4).fill(I32));
  const [source, inputs, target, panels] = [0, 1, 2, 3] as const;
  const { column, panel, at, out } = fn.locals(I32, "column", "panel", "at", "out");
  const panelBytes = fn.local(I32);
  const vectors = Array.from({ length: 4 }, () => fn.local(V128)) as Four;
  const pairs = Array.from({ length: 4 }, () => fn.local(V128)) as Four;

  /** Four outputs' low and high halves of four inputs. */
  const block = (firstInput: number, firstWord: number) => {
    vectors.forEach((vector, input) => {
      const offset = (firstInput + input) * ROW_BYTES + firstWord * WORD_BYTES;
      fn.get(at).vectorLoad(offset).set(vector);
    });
    transpose(fn, vectors, pairs);
    vectors.forEach((words, word) => {
      const offset = (firstWord + word) * ROW_BYTES + firstInput * WORD_BYTES;
      fn.get(out).get(words).i32(16).simd(SIMD.shiftLeft).vectorStore(offset);
      fn.get(out).get(words).vectorInt(HIGH_HALF).simd(SIMD.and);
      fn.vectorStore(offset + 8 * ROW_BYTES);
    });
  };

  fn.get(inputs).i32(ROW_BYTES).mul().set(panelBytes).i32(0).set(column);
  fn.whileLess(column, inputs, () => {
    fn.get(source).set(at).i32(0).set(panel).get(target).set(out);
    fn.whileLess(panel, panels, () => {
      for (const firstInput of [0, 4]) for (const firstWord of [0, 4]) block(firstInput, firstWord);
      fn.increaseBy(at, panelBytes)
        .increase(out, 16 * ROW_BYTES)
        .increase(panel, 1);
    });
    fn.get(out)
      .set(target)
      .increase(source, 8 * ROW_BYTES)
      .increase(column, 8);
  });
  return fn;
}

type Four = [number, number, number, number];

/** Transposes four vectors of four words in place. */
function transpose(fn: FunctionBuilder, [a, b, c, d]: Four, [ab, cd, abHigh, cdHigh]: Four) {
  fn.get(a).get(b).shuffle(0, 4, 1, 5).set(ab).get(c).get(d).shuffle(0, 4, 1, 5).set(cd);
  fn.get(a).get(b).shuffle(2, 6, 3, 7).set(abHigh).get(c).get(d).shuffle(2, 6, 3, 7).set(cdHigh);
  fn.get(ab).get(cd).shuffle(0, 1, 4, 5).set(a).get(ab).get(cd).shuffle(2, 3, 6, 7).set(b);
  fn.get(abHigh).get(cdHigh).shuffle(0, 1, 4, 5).set(c);
  fn.get(abHigh).get(cdHigh).shuffle(2, 3, 6, 7).set(d);
}
