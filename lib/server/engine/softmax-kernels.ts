import { emitExp } from "./elementwise-kernels";
import { localPair, overVectors, type Pair } from "./vector-loop";
import { F32, FLOAT, FunctionBuilder, I32, SIMD, V128 } from "./wasm-assembler";

/** Below every score. */
const LOWEST = -3e38;
/** Weights are not let fall below exp of this: products with numbers that are almost nothing are very slow. */
const LEAST_EXPONENT = -60;
const WORD_BYTES = 4;
const PAIR_NUMBERS = 8;

/**
 * `softmaxRows(at, rowBytes, rows, seen, width, scale)`: the first `seen` scores of the first row, one more of each
 * later one, times the number that `scale` points at, become their softmax; what is behind them in the row, 0 up to
 * `width`. `seen` is at least 1; `width` and `rowBytes` hold the last row's scores rounded up to eight.
 */
export function softmaxRowsKernel(): FunctionBuilder {
  const fn = new FunctionBuilder("softmaxRows", Array<number>(6).fill(I32));
  const [at, rowBytes, rows, seen, width, scale] = [0, 1, 2, 3, 4, 5] as const;
  const { row, reader, padded, index } = fn.locals(I32, "row", "reader", "padded", "index");
  const { factor, largest, inverse } = fn.locals(V128, "factor", "largest", "inverse");
  const [extremes, sums, values] = [localPair(fn), localPair(fn), localPair(fn)];

  const overRow = (compute: Parameters<typeof overVectors>[3], isStoring: boolean) => {
    fn.get(at).set(reader);
    overVectors(fn, padded, [reader], compute, isStoring ? [{ to: reader, values }] : []);
  };
  /** Writes a number behind the row's scores, up to `end`. */
  const fill = (value: number, end: number) => {
    fn.get(seen).set(index);
    fn.whileLess(index, end, () => {
      fn.get(at).get(index).i32(WORD_BYTES).mul().add().f32(value).storeF32();
      fn.increase(index, 1);
    });
  };

  fn.get(scale).loadSplat().set(factor).i32(0).set(row);
  fn.whileLess(row, rows, () => {
    fn.get(seen)
      .i32(PAIR_NUMBERS - 1)
      .add()
      .i32(-PAIR_NUMBERS)
      .and()
      .set(padded);
    fill(LOWEST, padded);
    for (const half of extremes) fn.vector(LOWEST).set(half);
    overRow(({ offset, half }) => {
      fn.get(extremes[half]).get(reader).vectorLoad(offset).get(factor).simd(SIMD.mul);
      fn.simd(SIMD.pseudoMax).set(extremes[half]);
    }, false);
    reducePair(fn, extremes, SIMD.pseudoMax, FLOAT.max).splat().set(largest);
    for (const half of sums) fn.vector(0).set(half);
    overRow(({ offset, half }) => {
      fn.get(reader).vectorLoad(offset).get(factor).simd(SIMD.mul);
      fn.get(largest).simd(SIMD.sub).vector(LEAST_EXPONENT).simd(SIMD.pseudoMax);
      fn.set(values[half]);
      emitExp(fn, values[half]);
      fn.get(sums[half]).get(values[half]).simd(SIMD.add).set(sums[half]);
    }, true);
    fn.f32(1);
    reducePair(fn, sums, SIMD.add, FLOAT.add).float(FLOAT.div).splat().set(inverse);
    overRow(({ offset, half }) => {
      fn.get(reader).vectorLoad(offset).get(inverse).simd(SIMD.mul).set(values[half]);
    }, true);
    fill(0, width);
    fn.increaseBy(at, rowBytes).increase(seen, 1).increase(row, 1);
  });
  return fn;
}

/** Leaves the combination of all lanes of both vectors on the stack. */
function reducePair(fn: FunctionBuilder, [first, second]: Pair, simd: number, float: number) {
  return fn.get(first).get(second).simd(simd).set(first).reduce(first, float);
}

/**
 * `exponentials(source, target, count, scale, result)`: target = exp((source - largest) * scale), where `scale` points at
 * one number; the largest and the sum of the target go to `result`. `count` is a multiple of 4.
 */
export function exponentialsKernel(): FunctionBuilder {
  const fn = new FunctionBuilder("exponentials", Array<number>(5).fill(I32));
  const [source, target, count, scale, result] = [0, 1, 2, 3, 4] as const;
  const reader = fn.local(I32);
  const largest = fn.local(F32);
  const { subtracted, factor } = fn.locals(V128, "subtracted", "factor");
  const [extremes, sums, values] = [localPair(fn), localPair(fn), localPair(fn)];
  for (const half of extremes) fn.vector(-Infinity).set(half);
  fn.get(source).set(reader).get(scale).loadSplat().set(factor);
  overVectors(fn, count, [reader], ({ offset, half }) => {
    fn.get(extremes[half]).get(reader).vectorLoad(offset).simd(SIMD.pseudoMax).set(extremes[half]);
  });
  reducePair(fn, extremes, SIMD.pseudoMax, FLOAT.max).tee(largest).splat().set(subtracted);
  overVectors(
    fn,
    count,
    [source, target],
    ({ offset, half }) => {
      fn.get(source).vectorLoad(offset).get(subtracted).simd(SIMD.sub);
      fn.get(factor).simd(SIMD.mul).set(values[half]);
      emitExp(fn, values[half]);
      fn.get(sums[half]).get(values[half]).simd(SIMD.add).set(sums[half]);
    },
    [{ to: target, values }],
  );
  fn.get(result).get(largest).storeF32();
  fn.get(result);
  reducePair(fn, sums, SIMD.add, FLOAT.add).storeF32(WORD_BYTES);
  return fn;
}

/**
 * `softmaxBackward(probability, gradient, rowBytes, rows, count, scale)`: in each row
 * gradient = p * (gradient - sum(p * gradient)) * scale. `count` is a multiple of 4.
 */
export function softmaxBackwardKernel(): FunctionBuilder {
  const fn = new FunctionBuilder("softmaxBackward", Array<number>(6).fill(I32));
  const [probability, gradient, rowBytes, rows, count, scale] = [0, 1, 2, 3, 4, 5] as const;
  const { row, p, g } = fn.locals(I32, "row", "p", "g");
  const { factor, dot } = fn.locals(V128, "factor", "dot");
  const [dots, values] = [localPair(fn), localPair(fn)];
  const startRow = () => fn.get(probability).set(p).get(gradient).set(g);
  fn.get(scale).loadSplat().set(factor).i32(0).set(row);
  fn.whileLess(row, rows, () => {
    for (const half of dots) fn.vector(0).set(half);
    startRow();
    overVectors(fn, count, [p, g], ({ offset, half }) => {
      fn.get(p).vectorLoad(offset).get(g).vectorLoad(offset).simd(SIMD.mul);
      fn.get(dots[half]).simd(SIMD.add).set(dots[half]);
    });
    reducePair(fn, dots, SIMD.add, FLOAT.add).splat().set(dot);
    startRow();
    overVectors(
      fn,
      count,
      [p, g],
      ({ offset, half }) => {
        fn.get(g).vectorLoad(offset).get(dot).simd(SIMD.sub);
        fn.get(p).vectorLoad(offset).simd(SIMD.mul).get(factor).simd(SIMD.mul).set(values[half]);
      },
      [{ to: g, values }],
    );
    fn.increaseBy(probability, rowBytes).increaseBy(gradient, rowBytes).increase(row, 1);
  });
  return fn;
}
