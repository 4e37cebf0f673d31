import { expect, test } from "vitest";

import { Heap } from "./heap";

test("freed neighbours are joined, so that a large span fits again", () => {
  const heap = new Heap({ start: 160, words: 160 });
  const spans = Array.from({ length: 5 }, () => heap.allocate(32));
  expect(() => heap.allocate(1)).toThrow(/out of memory/);
  for (const index of [1, 3, 2]) heap.release(spans[index]!);
  expect(heap.usedWords()).toBe(64);
  expect(heap.allocate(96)).toBe(spans[1]);
});

test("a span cannot be freed twice", () => {
  const heap = new Heap({ start: 0, words: 160 });
  const at = heap.allocate(5);
  heap.release(at);
  expect(() => heap.release(at)).toThrow(/not allocated/);
});
