/**
 * Which points of a curve to draw so that it looks as if all were drawn: both ends, and the lowest and the highest of
 * each stretch of equal length between them. Indexes into `values`, rising, at most `most` of them. Values that are not
 * numbers stand for what is not known, and give way to known ones.
 */
export function downsample(values: ArrayLike<number>, most: number): number[] {
  const { length } = values;
  if (length <= most) return Array.from({ length }, (_, index) => index);
  const stretches = Math.floor((most - 2) / 2);
  const kept = [0];
  for (let stretch = 0; stretch < stretches; stretch++) {
    const from = 1 + Math.floor((stretch * (length - 2)) / stretches);
    const to = 1 + Math.floor(((stretch + 1) * (length - 2)) / stretches);
    let lowest = from;
    let highest = from;
    for (let index = from; index < to; index++) {
      const value = values[index]!;
      if (value < values[lowest]! || Number.isNaN(values[lowest])) lowest = index;
      if (value > values[highest]! || Number.isNaN(values[highest])) highest = index;
    }
    kept.push(Math.min(lowest, highest));
    if (lowest !== highest) kept.push(Math.max(lowest, highest));
  }
  kept.push(length - 1);
  return kept;
}
