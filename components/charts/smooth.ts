/**
 * Exponential moving average without the pull towards 0 at the start: each value is a weighted mean of the values so far,
 * weights falling by `weight` a step. 0 leaves the values as they are; below 1. What is no number stays none.
 */
export function smooth(values: ArrayLike<number>, weight: number): Float64Array {
  const smoothed = new Float64Array(values.length);
  let sum = 0;
  let total = 0;
  for (let index = 0; index < values.length; index++) {
    const value = values[index]!;
    smoothed[index] = value;
    if (Number.isNaN(value)) continue;
    sum = weight * sum + (1 - weight) * value;
    total = weight * total + (1 - weight);
    smoothed[index] = sum / total;
  }
  return smoothed;
}
