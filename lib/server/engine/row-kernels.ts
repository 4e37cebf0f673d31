import { emitExp, overVectors } from "./elementwise-kernels";
import { F32, FLOAT, FunctionBuilder, I32, SIMD, V128 } from "./wasm-assembler";

/** `norm(x, weight, out, inverse, rows, size, eps)`: as in `norm.ts`; `eps` points at one number. Sizes are multiples of 4. */
export function normKernel(): FunctionBuilder {
  const fn = new FunctionBuilder("norm", Array<number>(7).fill(I32));
  const [x, weight, out, inverse, rows, size, eps] = [0, 1, 2, 3, 4, 5, 6] as const;
  const [row, weightAt, reader, factor] = [
    fn.local(I32),
    fn.local(I32),
    fn.local(I32),
    fn.local(F32),
  ];
  const [sum, scale] = [fn.local(V128), fn.local(V128)];
  fn.i32(0).set(row);
  fn.whileLess(row, rows, () => {
    fn.vector(0).set(sum).get(x).set(reader);
    overVectors(fn, size, [reader], () => {
      fn.get(reader).vectorLoad().get(reader).vectorLoad().simd(SIMD.mul);
      fn.get(sum).simd(SIMD.add).set(sum);
    });
    fn.f32(1).reduce(sum, FLOAT.add).get(size).toFloat().float(FLOAT.div);
    fn.get(eps).loadF32().float(FLOAT.add).float(FLOAT.sqrt).float(FLOAT.div).set(factor);
    fn.get(inverse).get(factor).storeF32().get(factor).splat().set(scale);
    fn.get(weight).set(weightAt);
    overVectors(fn, size, [x, weightAt, out], () => {
      fn.get(out).get(x).vectorLoad().get(scale).simd(SIMD.mul);
      fn.get(weightAt).vectorLoad().simd(SIMD.mul).vectorStore();
    });
    fn.increase(inverse, 4).increase(row, 1);
  });
  return fn;
}

/** `normBackward(x, weight, inverse, outGradient, xGradient, rows, size)`: adds to `xGradient`, as in `norm.ts`. */
export function normBackwardKernel(): FunctionBuilder {
  const fn = new FunctionBuilder("normBackward", Array<number>(7).fill(I32));
  const [x, weight, inverse, outGradient, xGradient, rows, size] = [0, 1, 2, 3, 4, 5, 6] as const;
  const [row, weightAt, xAt, gradientAt] = Array.from({ length: 4 }, () => fn.local(I32)) as [
    number,
    number,
    number,
    number,
  ];
  const [sum, scale, share, factor] = [
    fn.local(V128),
    fn.local(V128),
    fn.local(V128),
    fn.local(F32),
  ];
  fn.i32(0).set(row);
  fn.whileLess(row, rows, () => {
    fn.vector(0).set(sum).get(x).set(xAt).get(weight).set(weightAt);
    fn.get(outGradient).set(gradientAt);
    overVectors(fn, size, [xAt, weightAt, gradientAt], () => {
      fn.get(gradientAt).vectorLoad().get(weightAt).vectorLoad().simd(SIMD.mul);
      fn.get(xAt).vectorLoad().simd(SIMD.mul).get(sum).simd(SIMD.add).set(sum);
    });
    fn.get(inverse).loadF32().tee(factor).splat().set(scale);
    fn.reduce(sum, FLOAT.add).get(size).toFloat().float(FLOAT.div);
    for (let power = 0; power < 3; power++) fn.get(factor).float(FLOAT.mul);
    fn.splat().set(share).get(weight).set(weightAt);
    overVectors(fn, size, [x, weightAt, outGradient, xGradient], () => {
      fn.get(xGradient).get(xGradient).vectorLoad();
      fn.get(outGradient).vectorLoad().get(weightAt).vectorLoad().simd(SIMD.mul);
      fn.get(scale).simd(SIMD.mul).simd(SIMD.add);
      fn.get(x).vectorLoad().get(share).simd(SIMD.mul).simd(SIMD.sub).vectorStore();
    });
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
  const [low, high, table, heads, headBytes, half] = [0, 1, 2, 3, 4, 5] as const;
  const [head, lowAt, highAt, cosines, sines] = Array.from({ length: 5 }, () => fn.local(I32)) as [
    number,
    number,
    number,
    number,
    number,
  ];
  const [first, second] = [fn.local(V128), fn.local(V128)];
  const times = (value: number, factors: number) =>
    fn.get(value).get(factors).vectorLoad().simd(SIMD.mul);
  fn.i32(0).set(head);
  fn.whileLess(head, heads, () => {
    fn.get(low).set(lowAt).get(high).set(highAt).get(table).set(cosines);
    fn.get(table).get(half).i32(4).mul().add().set(sines);
    overVectors(fn, half, [lowAt, highAt, cosines, sines], () => {
      fn.get(lowAt).vectorLoad().set(first).get(highAt).vectorLoad().set(second).get(lowAt);
      times(first, cosines);
      times(second, sines).simd(SIMD.sub).vectorStore().get(highAt);
      times(second, cosines);
      times(first, sines).simd(SIMD.add).vectorStore();
    });
    fn.increaseBy(low, headBytes).increaseBy(high, headBytes).increase(head, 1);
  });
  return fn;
}

/** `exponentials(row, count, result)`: row = exp(row - largest); the largest and the sum go to `result`. `count` is a multiple of 4. */
export function exponentialsKernel(): FunctionBuilder {
  const fn = new FunctionBuilder("exponentials", [I32, I32, I32]);
  const [row, count, result] = [0, 1, 2] as const;
  const [reader, largest] = [fn.local(I32), fn.local(F32)];
  const [extreme, sum, value, whole, rest] = Array.from({ length: 5 }, () => fn.local(V128)) as [
    number,
    number,
    number,
    number,
    number,
  ];
  fn.vector(-Infinity).set(extreme).get(row).set(reader);
  overVectors(fn, count, [reader], () => {
    fn.get(extreme).get(reader).vectorLoad().simd(SIMD.pseudoMax).set(extreme);
  });
  fn.reduce(extreme, FLOAT.max).tee(largest).splat().set(extreme).vector(0).set(sum);
  overVectors(fn, count, [row], () => {
    fn.get(row).vectorLoad().get(extreme).simd(SIMD.sub).set(value);
    emitExp(fn, value, whole, rest);
    fn.get(row).get(value).vectorStore().get(sum).get(value).simd(SIMD.add).set(sum);
  });
  fn.get(result).get(largest).storeF32().get(result).reduce(sum, FLOAT.add).storeF32(4);
  return fn;
}

/** `softmaxBackward(probability, gradient, count, scale)`: gradient = p * (gradient - sum(p * gradient)) * scale. */
export function softmaxBackwardKernel(): FunctionBuilder {
  const fn = new FunctionBuilder("softmaxBackward", [I32, I32, I32, I32]);
  const [probability, gradient, count, scale] = [0, 1, 2, 3] as const;
  const [p, g] = [fn.local(I32), fn.local(I32)];
  const [dot, factor] = [fn.local(V128), fn.local(V128)];
  fn.vector(0).set(dot).get(scale).loadSplat().set(factor);
  fn.get(probability).set(p).get(gradient).set(g);
  overVectors(fn, count, [p, g], () => {
    fn.get(p).vectorLoad().get(g).vectorLoad().simd(SIMD.mul).get(dot).simd(SIMD.add).set(dot);
  });
  fn.reduce(dot, FLOAT.add).splat().set(dot);
  overVectors(fn, count, [probability, gradient], () => {
    fn.get(gradient).get(gradient).vectorLoad().get(dot).simd(SIMD.sub);
    fn.get(probability).vectorLoad().simd(SIMD.mul).get(factor).simd(SIMD.mul).vectorStore();
  });
  return fn;
}
