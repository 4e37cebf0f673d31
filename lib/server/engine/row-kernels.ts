import { localPair, overVectors } from "./vector-loop";
import { F32, FLOAT, FunctionBuilder, I32, SIMD, V128 } from "./wasm-assembler";

/** `norm(x, weight, out, inverse, rows, size, eps)`: as in `norm.ts`; `eps` points at one number. Sizes are multiples of 4. */
export function normKernel(): FunctionBuilder {
  const fn = new FunctionBuilder("norm", Array<number>(7).fill(I32));
  const [x, weight, out, inverse, rows, size, eps] = [0, 1, 2, 3, 4, 5, 6] as const;
  const { row, weightAt, reader } = fn.locals(I32, "row", "weightAt", "reader");
  const factor = fn.local(F32);
  const scale = fn.local(V128);
  const [sums, values] = [localPair(fn), localPair(fn)];
  fn.i32(0).set(row);
  fn.whileLess(row, rows, () => {
    for (const half of sums) fn.vector(0).set(half);
    fn.get(x).set(reader);
    overVectors(fn, size, [reader], ({ offset, half }) => {
      fn.get(reader).vectorLoad(offset).get(reader).vectorLoad(offset).simd(SIMD.mul);
      fn.get(sums[half]).simd(SIMD.add).set(sums[half]);
    });
    fn.get(sums[0]).get(sums[1]).simd(SIMD.add).set(sums[0]);
    fn.f32(1).reduce(sums[0], FLOAT.add).get(size).toFloat().float(FLOAT.div);
    fn.get(eps).loadF32().float(FLOAT.add).float(FLOAT.sqrt).float(FLOAT.div).set(factor);
    fn.get(inverse).get(factor).storeF32().get(factor).splat().set(scale);
    fn.get(weight).set(weightAt);
    overVectors(
      fn,
      size,
      [x, weightAt, out],
      ({ offset, half }) => {
        fn.get(x).vectorLoad(offset).get(scale).simd(SIMD.mul);
        fn.get(weightAt).vectorLoad(offset).simd(SIMD.mul).set(values[half]);
      },
      [{ to: out, values }],
    );
    fn.increase(inverse, 4).increase(row, 1);
  });
  return fn;
}

/** `normBackward(x, weight, inverse, outGradient, xGradient, rows, size)`: adds to `xGradient`, as in `norm.ts`. */
export function normBackwardKernel(): FunctionBuilder {
  const fn = new FunctionBuilder("normBackward", Array<number>(7).fill(I32));
  const [x, weight, inverse, outGradient, xGradient, rows, size] = [0, 1, 2, 3, 4, 5, 6] as const;
  const { row, weightAt, xAt } = fn.locals(I32, "row", "weightAt", "xAt");
  const gradientAt = fn.local(I32);
  const { scale, share } = fn.locals(V128, "scale", "share");
  const factor = fn.local(F32);
  const [sums, values] = [localPair(fn), localPair(fn)];
  fn.i32(0).set(row);
  fn.whileLess(row, rows, () => {
    for (const half of sums) fn.vector(0).set(half);
    fn.get(x).set(xAt).get(weight).set(weightAt).get(outGradient).set(gradientAt);
    overVectors(fn, size, [xAt, weightAt, gradientAt], ({ offset, half }) => {
      fn.get(gradientAt).vectorLoad(offset).get(weightAt).vectorLoad(offset).simd(SIMD.mul);
      fn.get(xAt).vectorLoad(offset).simd(SIMD.mul);
      fn.get(sums[half]).simd(SIMD.add).set(sums[half]);
    });
    fn.get(sums[0]).get(sums[1]).simd(SIMD.add).set(sums[0]);
    fn.get(inverse).loadF32().tee(factor).splat().set(scale);
    fn.reduce(sums[0], FLOAT.add).get(size).toFloat().float(FLOAT.div);
    for (let power = 0; power < 3; power++) fn.get(factor).float(FLOAT.mul);
    fn.splat().set(share).get(weight).set(weightAt);
    overVectors(
      fn,
      size,
      [x, weightAt, outGradient, xGradient],
      ({ offset, half }) => {
        fn.get(xGradient).vectorLoad(offset);
        fn.get(outGradient).vectorLoad(offset).get(weightAt).vectorLoad(offset).simd(SIMD.mul);
        fn.get(scale).simd(SIMD.mul).simd(SIMD.add);
        fn.get(x).vectorLoad(offset).get(share).simd(SIMD.mul).simd(SIMD.sub).set(values[half]);
      },
      [{ to: xGradient, values }],
    );
    fn.increase(inverse, 4).increase(row, 1);
  });
  return fn;
}

/**
 * `rotate(low, high, table, heads, headBytes, half)`: turns the pairs (low, high) of each head by the angles whose
 * `half` cosines and then sines are in the table. With low and high swapped it turns back. `half` is a multiple of 4.
 */
export function rotateKernel(): FunctionBuilder {
  const fn = new FunctionBuilder("rotate", Array<number>(6).fill(I32));
  const [low, high, table, heads, headBytes, size] = [0, 1, 2, 3, 4, 5] as const;
  const { head, lowAt, highAt } = fn.locals(I32, "head", "lowAt", "highAt");
  const { cosines, sines } = fn.locals(I32, "cosines", "sines");
  const [lows, highs] = [localPair(fn), localPair(fn)];
  fn.i32(0).set(head);
  fn.whileLess(head, heads, () => {
    fn.get(low).set(lowAt).get(high).set(highAt).get(table).set(cosines);
    fn.get(table).get(size).i32(4).mul().add().set(sines);
    overVectors(
      fn,
      size,
      [lowAt, highAt, cosines, sines],
      ({ offset, half }) => {
        const times = (value: number, factors: number) =>
          fn.get(value).vectorLoad(offset).get(factors).vectorLoad(offset).simd(SIMD.mul);
        times(lowAt, cosines);
        times(highAt, sines).simd(SIMD.sub).set(lows[half]);
        times(highAt, cosines);
        times(lowAt, sines).simd(SIMD.add).set(highs[half]);
      },
      [
        { to: lowAt, values: lows },
        { to: highAt, values: highs },
      ],
    );
    fn.increaseBy(low, headBytes).increaseBy(high, headBytes).increase(head, 1);
  });
  return fn;
}
