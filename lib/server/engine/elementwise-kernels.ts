import { localPair, overVectors } from "./vector-loop";
import { FunctionBuilder, I32, SIMD, V128 } from "./wasm-assembler";

/** Cephes coefficients of exp on half an octave; the relative error stays below 2e-7. */
const EXP_COEFFICIENTS = [
  1.98756915e-4, 1.3981999507e-3, 8.3334519073e-3, 4.1665795894e-2, 1.6666665459e-1,
  5.0000001201e-1,
];
const LN2_HIGH = 0.693359375;
const LN2_LOW = -2.1219444e-4;

/** Adding it rounds a number to a whole one, which then stands in the low bits of the sum. */
const ROUNDER = 1.5 * 2 ** 23;

/** Replaces `value` by exp(value). */
export function emitExp(fn: FunctionBuilder, value: number): void {
  const { rounded, whole, rest } = fn.locals(V128, "rounded", "whole", "rest");
  const power = fn.local(V128);
  fn.get(value).vector(-87).simd(SIMD.pseudoMax).vector(88).simd(SIMD.pseudoMin).tee(value);
  fn.vector(Math.LOG2E).simd(SIMD.mul).vector(ROUNDER).simd(SIMD.add).tee(rounded);
  fn.vector(ROUNDER).simd(SIMD.sub).set(whole);
  fn.get(rounded).i32(23).simd(SIMD.shiftLeft);
  fn.vector(1).simd(SIMD.addInt).set(power);
  fn.get(value).get(whole).vector(LN2_HIGH).simd(SIMD.mul).simd(SIMD.sub);
  fn.get(whole).vector(LN2_LOW).simd(SIMD.mul).simd(SIMD.sub).set(rest);
  EXP_COEFFICIENTS.forEach((coefficient, index) => {
    if (index > 0) fn.get(rest).simd(SIMD.mul);
    fn.vector(coefficient);
    if (index > 0) fn.simd(SIMD.add);
  });
  fn.get(rest).simd(SIMD.mul).get(rest).simd(SIMD.mul);
  fn.get(rest).simd(SIMD.add).vector(1).simd(SIMD.add).get(power).simd(SIMD.mul).set(value);
}

/** `siluMultiply(gate, up, sigmoid, product, n)`: sigmoid = 1/(1+exp(-gate)), product = gate * sigmoid * up. */
export function siluKernel(): FunctionBuilder {
  const fn = new FunctionBuilder("siluMultiply", [I32, I32, I32, I32, I32]);
  const [gate, up, sigmoid, product, count] = [0, 1, 2, 3, 4] as const;
  const [sigmoids, products] = [localPair(fn), localPair(fn)];
  overVectors(
    fn,
    count,
    [gate, up, sigmoid, product],
    ({ offset, half }) => {
      const value = sigmoids[half];
      fn.vector(0).get(gate).vectorLoad(offset).simd(SIMD.sub).set(value);
      emitExp(fn, value);
      fn.vector(1).get(value).vector(1).simd(SIMD.add).simd(SIMD.div).tee(value);
      fn.get(gate).vectorLoad(offset).simd(SIMD.mul);
      fn.get(up).vectorLoad(offset).simd(SIMD.mul).set(products[half]);
    },
    [
      { to: sigmoid, values: sigmoids },
      { to: product, values: products },
    ],
  );
  return fn;
}

/** `siluBackward(gate, up, sigmoid, grad, gateGrad, n)`: `grad` turns from the product's gradient into that of `up`. */
export function siluBackwardKernel(): FunctionBuilder {
  const fn = new FunctionBuilder("siluBackward", [I32, I32, I32, I32, I32, I32]);
  const [gate, up, sigmoid, grad, gateGrad, count] = [0, 1, 2, 3, 4, 5] as const;
  const { gateValue, sigmoidValue, product } = fn.locals(
    V128,
    "gateValue",
    "sigmoidValue",
    "product",
  );
  const [gateGradients, upGradients] = [localPair(fn), localPair(fn)];
  overVectors(
    fn,
    count,
    [gate, up, sigmoid, grad, gateGrad],
    ({ offset, half }) => {
      fn.get(gate).vectorLoad(offset).set(gateValue);
      fn.get(sigmoid).vectorLoad(offset).set(sigmoidValue);
      fn.get(grad).vectorLoad(offset).get(sigmoidValue).simd(SIMD.mul).tee(product);
      fn.get(up).vectorLoad(offset).simd(SIMD.mul);
      fn.vector(1).get(gateValue).vector(1).get(sigmoidValue).simd(SIMD.sub);
      fn.simd(SIMD.mul).simd(SIMD.add).simd(SIMD.mul).set(gateGradients[half]);
      fn.get(product).get(gateValue).simd(SIMD.mul).set(upGradients[half]);
    },
    [
      { to: gateGrad, values: gateGradients },
      { to: grad, values: upGradients },
    ],
  );
  return fn;
}

/** `addVectors(target, a, b, n)`: target = a + b. */
export function addKernel(): FunctionBuilder {
  const fn = new FunctionBuilder("addVectors", [I32, I32, I32, I32]);
  const [target, a, b, count] = [0, 1, 2, 3] as const;
  const values = localPair(fn);
  overVectors(
    fn,
    count,
    [target, a, b],
    ({ offset, half }) => {
      fn.get(a).vectorLoad(offset).get(b).vectorLoad(offset).simd(SIMD.add).set(values[half]);
    },
    [{ to: target, values }],
  );
  return fn;
}

/** `scaleVector(target, factor, n)`: target *= the number that `factor` points at. */
export function scaleKernel(): FunctionBuilder {
  const fn = new FunctionBuilder("scaleVector", [I32, I32, I32]);
  const [target, factor, count] = [0, 1, 2] as const;
  const scale = fn.local(V128);
  const values = localPair(fn);
  fn.get(factor).loadSplat().set(scale);
  overVectors(
    fn,
    count,
    [target],
    ({ offset, half }) => {
      fn.get(target).vectorLoad(offset).get(scale).simd(SIMD.mul).set(values[half]);
    },
    [{ to: target, values }],
  );
  return fn;
}
