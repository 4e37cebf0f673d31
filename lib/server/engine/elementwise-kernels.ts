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

/** Replaces `value` by exp(value); `whole` and `rest` are scratch locals. */
export function emitExp(fn: FunctionBuilder, value: number, whole: number, rest: number) {
  const rounded = rest;
  fn.get(value).vector(-87).simd(SIMD.pseudoMax).vector(88).simd(SIMD.pseudoMin).tee(value);
  fn.vector(Math.LOG2E).simd(SIMD.mul).vector(ROUNDER).simd(SIMD.add).tee(rounded);
  fn.vector(ROUNDER).simd(SIMD.sub).set(whole);
  const power = fn.local(V128);
  fn.get(rounded).i32(23).simd(SIMD.shiftLeft);
  fn.vector(1).simd(SIMD.addInt).set(power);
  fn.get(value).get(whole).vector(LN2_HIGH).simd(SIMD.mul).simd(SIMD.sub);
  fn.get(whole).vector(LN2_LOW).simd(SIMD.mul).simd(SIMD.sub).set(rest);
  EXP_COEFFICIENTS.forEach((coefficient, index) => {
    if (index > 0) fn.get(rest).simd(SIMD.mul);
    fn.vector(coefficient);
    if (index > 0) fn.simd(SIMD.add);
  });
  fn.get(rest)
    .simd(SIMD.mul)
    .get(rest)
    .simd(SIMD.mul)
    .get(rest)
    .simd(SIMD.add)
    .vector(1)
    .simd(SIMD.add);
  fn.get(power).simd(SIMD.mul).set(value);
}

/** Runs the body for every four of `count` numbers; the pointers move along. */
export function overVectors(
  fn: FunctionBuilder,
  count: number,
  pointers: readonly number[],
  body: () => void,
) {
  const index = fn.local(I32);
  fn.i32(0).set(index);
  fn.whileLess(index, count, () => {
    body();
    for (const pointer of pointers) fn.increase(pointer, 16);
    fn.increase(index, 4);
  });
}

/** `expShifted(target, source, shift, n)`: target = exp(source - shift); `shift` points at one number. n is a multiple of 4. */
export function expKernel(): FunctionBuilder {
  const fn = new FunctionBuilder("expShifted", [I32, I32, I32, I32]);
  const [target, source, shift, count] = [0, 1, 2, 3] as const;
  const [value, whole, rest, offset] = [
    fn.local(V128),
    fn.local(V128),
    fn.local(V128),
    fn.local(V128),
  ];
  fn.get(shift).loadSplat().set(offset);
  overVectors(fn, count, [target, source], () => {
    fn.get(source).vectorLoad().get(offset).simd(SIMD.sub).set(value);
    emitExp(fn, value, whole, rest);
    fn.get(target).get(value).vectorStore();
  });
  return fn;
}

/** `siluMultiply(gate, up, sigmoid, product, n)`: sigmoid = 1/(1+exp(-gate)), product = gate * sigmoid * up. */
export function siluKernel(): FunctionBuilder {
  const fn = new FunctionBuilder("siluMultiply", [I32, I32, I32, I32, I32]);
  const [gate, up, sigmoid, product, count] = [0, 1, 2, 3, 4] as const;
  const [value, whole, rest] = [fn.local(V128), fn.local(V128), fn.local(V128)];
  overVectors(fn, count, [gate, up, sigmoid, product], () => {
    fn.vector(0).get(gate).vectorLoad().simd(SIMD.sub).set(value);
    emitExp(fn, value, whole, rest);
    fn.vector(1).get(value).vector(1).simd(SIMD.add).simd(SIMD.div).set(value);
    fn.get(sigmoid).get(value).vectorStore();
    fn.get(product).get(value).get(gate).vectorLoad().simd(SIMD.mul);
    fn.get(up).vectorLoad().simd(SIMD.mul).vectorStore();
  });
  return fn;
}

/** `siluBackward(gate, up, sigmoid, grad, gateGrad, n)`: `grad` turns from the product's gradient into that of `up`. */
export function siluBackwardKernel(): FunctionBuilder {
  const fn = new FunctionBuilder("siluBackward", [I32, I32, I32, I32, I32, I32]);
  const [gate, up, sigmoid, grad, gateGrad, count] = [0, 1, 2, 3, 4, 5] as const;
  const [gateValue, sigmoidValue, product] = [fn.local(V128), fn.local(V128), fn.local(V128)];
  overVectors(fn, count, [gate, up, sigmoid, grad, gateGrad], () => {
    fn.get(gate).vectorLoad().set(gateValue).get(sigmoid).vectorLoad().set(sigmoidValue);
    fn.get(grad).vectorLoad().get(sigmoidValue).simd(SIMD.mul).set(product);
    fn.get(gateGrad).get(product).get(up).vectorLoad().simd(SIMD.mul);
    fn.vector(1)
      .get(gateValue)
      .vector(1)
      .get(sigmoidValue)
      .simd(SIMD.sub)
      .simd(SIMD.mul)
      .simd(SIMD.add);
    fn.simd(SIMD.mul).vectorStore();
    fn.get(grad).get(product).get(gateValue).simd(SIMD.mul).vectorStore();
  });
  return fn;
}

/** `addVectors(target, a, b, n)`: target = a + b. */
export function addKernel(): FunctionBuilder {
  const fn = new FunctionBuilder("addVectors", [I32, I32, I32, I32]);
  const [target, a, b, count] = [0, 1, 2, 3] as const;
  overVectors(fn, count, [target, a, b], () => {
    fn.get(target).get(a).vectorLoad().get(b).vectorLoad().simd(SIMD.add).vectorStore();
  });
  return fn;
}

/** `scaleVector(target, factor, n)`: target *= the number that `factor` points at. */
export function scaleKernel(): FunctionBuilder {
  const fn = new FunctionBuilder("scaleVector", [I32, I32, I32]);
  const [target, factor, count] = [0, 1, 2] as const;
  const scale = fn.local(V128);
  fn.get(factor).loadSplat().set(scale);
  overVectors(fn, count, [target], () => {
    fn.get(target).get(target).vectorLoad().get(scale).simd(SIMD.mul).vectorStore();
  });
  return fn;
}
