import { expect, test } from "vitest";

import { Drafter } from "./drafter";

test("a text that repeats itself is guessed further and further ahead", () => {
  const drafter = new Drafter([1, 2, 3, 4, 5, 6, 7, 8, 9, 1, 2]);
  expect(drafter.propose(8)).toEqual([]);
  drafter.accept([3]);
  expect(drafter.propose(8)).toEqual([4, 5, 6]);
  drafter.accept([4, 5, 6, 7]);
  expect(drafter.propose(8)).toEqual([8, 9, 1, 2, 3, 4, 5]);
  expect(drafter.propose(2)).toEqual([8, 9]);
});

test("nothing is guessed where three tokens are new", () => {
  expect(new Drafter([1, 2, 3, 4, 2, 3]).propose(8)).toEqual([]);
  expect(new Drafter([5]).propose(8)).toEqual([]);
});

test("the latest occurrence counts", () => {
  expect(new Drafter([1, 2, 3, 9, 1, 2, 3, 4, 1, 2, 3]).propose(1)).toEqual([4]);
});

test("wrong guesses make it pause, longer each time", () => {
  const drafter = new Drafter([1, 2, 3, 4, 1, 2, 3]);
  /** How many tokens are guessed when such a token comes next. */
  const guessed = (next: number) => {
    const { length } = drafter.propose(8);
    drafter.accept([next]);
    return length;
  };
  const wrongEachTime = [9, 1, 2, 3, 8, 1, 2, 3, 7, 1, 2, 3, 6, 1, 2, 3].map(guessed);
  expect(wrongEachTime).toEqual([3, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0]);
});
