import { I32, V128, type FunctionBuilder } from "./wasm-assembler";

const VECTOR_BYTES = 16;
const LANES = 4;

/**
 * Two vectors that stand side by side in memory. A runtime can make one of twice the width of them where both are
 * computed in the same way, all loads come before all stores, and the two stores follow each other.
 */
export type Pair = readonly [number, number];

export function localPair(fn: FunctionBuilder): Pair {
  return [fn.local(V128), fn.local(V128)];
}

/** One vector of a pair: how far its numbers are from a pointer, in bytes, and which of the two it is. */
export interface Place {
  offset: number;
  half: 0 | 1;
}

const PLACES: readonly Place[] = [
  { offset: 0, half: 0 },
  { offset: VECTOR_BYTES, half: 1 },
];

/** What a loop writes: one vector of the pair for each of its places. */
export interface Stored {
  to: number;
  values: Pair;
}

/**
 * Computes every four of `count` numbers, a multiple of 4, and stores the results; the pointers move along. Two
 * neighbouring vectors at a time, as {@link Pair} wants them.
 */
export function overVectors(
  fn: FunctionBuilder,
  count: number,
  pointers: readonly number[],
  compute: (place: Place) => void,
  stored: readonly Stored[] = [],
): void {
  const { index, pairsEnd } = fn.locals(I32, "index", "pairsEnd");
  const step = (places: readonly Place[]) => {
    for (const place of places) compute(place);
    for (const { to, values } of stored)
      for (const { offset, half } of places) fn.get(to).get(values[half]).vectorStore(offset);
    for (const pointer of pointers) fn.increase(pointer, places.length * VECTOR_BYTES);
    fn.increase(index, places.length * LANES);
  };
  fn.i32(0).set(index).get(count).i32(LANES).sub().set(pairsEnd);
  fn.whileLess(index, pairsEnd, () => step(PLACES));
  fn.whileLess(index, count, () => step(PLACES.slice(0, 1)));
}
