import type { NormWeight } from "./base-layout";
import type { Compute } from "./compute";

/** out[M, size] = x / rms(x) * weight; the inverse rms of each row goes to `inverse[M]`. */
export function normForward(
  compute: Compute,
  x: number,
  weight: number,
  out: number,
  inverse: number,
  M: number,
  size: number,
  eps: number,
): void {
  const { f32, constant, kernels } = compute;
  f32[constant] = eps;
  const operands = [x, weight, out, inverse].map((at) => at * 4);
  kernels.norm(...operands, M, size, constant * 4);
}

/** Normalises every head's vector in x[M, heads, size] in place; does nothing where a model has no such norm. */
export function normHeads(
  compute: Compute,
  x: number,
  norm: NormWeight | null,
  vectors: number,
  eps: number,
): void {
  if (!norm) return;
  const mark = compute.mark();
  const inverse = compute.allocate(vectors);
  normForward(compute, x, norm.at, x, inverse, vectors, norm.size, eps);
  compute.release(mark);
}

/** xGradient += the gradient through {@link normForward}; also adds the weight's gradient unless that is -1. */
export function normBackward(
  compute: Compute,
  x: number,
  weight: number,
  inverse: number,
  outGradient: number,
  xGradient: number,
  M: number,
  size: number,
  weightGradient: number,
): void {
  const operands = [x, weight, inverse, outGradient, xGradient].map((at) => at * 4);
  compute.kernels.normBackward(...operands, M, size);
  if (weightGradient < 0) return;
  const { f32 } = compute;
  for (let m = 0; m < M; m++) {
    const row = x + m * size;
    const source = outGradient + m * size;
    const scale = f32[inverse + m]!;
    for (let j = 0; j < size; j++)
      f32[weightGradient + j]! += f32[source + j]! * f32[row + j]! * scale;
  }
}
