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
  const f32 = compute.f32;
  for (let m = 0; m < M; m++) {
    const row = x + m * size;
    const target = out + m * size;
    let squares = 0;
    for (let j = 0; j < size; j++) squares += f32[row + j]! * f32[row + j]!;
    const scale = 1 / Math.sqrt(squares / size + eps);
    f32[inverse + m] = scale;
    for (let j = 0; j < size; j++) f32[target + j] = f32[row + j]! * scale * f32[weight + j]!;
  }
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
  const f32 = compute.f32;
  for (let m = 0; m < M; m++) {
    const row = x + m * size;
    const source = outGradient + m * size;
    const target = xGradient + m * size;
    const scale = f32[inverse + m]!;
    let dot = 0;
    for (let j = 0; j < size; j++) dot += f32[source + j]! * f32[weight + j]! * f32[row + j]!;
    dot *= (scale * scale * scale) / size;
    for (let j = 0; j < size; j++)
      f32[target + j]! += f32[source + j]! * f32[weight + j]! * scale - f32[row + j]! * dot;
    if (weightGradient < 0) continue;
    for (let j = 0; j < size; j++)
      f32[weightGradient + j]! += f32[source + j]! * f32[row + j]! * scale;
  }
}
