import { expect, test } from "vitest";

import { Drafter } from "./drafter";

test("what came as expected for three tokens is drafted, further ahead the longer it does", () => {
  const drafter = new Drafter([1, 2, 3, 4, 5, 6, 7, 8, 9, 1, 2, 3]);
  expect(drafter.propose(8)).toEqual([]);
  drafter.append([4, 5]);
  expect(drafter.propose(8)).toEqual([]);
  drafter.append([6]);
  expect(drafter.propose(8)).toEqual([7, 8, 9]);
  drafter.append([7, 8]);
  expect(drafter.propose(8)).toEqual([9, 1, 2, 3, 4]);
  expect(drafter.propose(2)).toEqual([9, 1]);
});

test("after a token that was not expected nothing is drafted until three have come as expected again", () => {
  const drafter = new Drafter([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  const drafted = [1, 2, 3, 4, 5, 6, 0, 1, 2, 3, 4, 5, 6].map((token) => {
    drafter.append([token]);
    return drafter.propose(8).length;
  });
  expect(drafted).toEqual([0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 3]);
});

test("the latest occurrence counts", () => {
  const drafter = new Drafter([1, 2, 3, 9, 9, 1, 2, 3, 4, 5, 6, 7, 1, 2, 3]);
  drafter.append([4, 5, 6]);
  expect(drafter.propose(1)).toEqual([7]);
});

test("a prompt that repeats itself proves nothing about the answer", () => {
  expect(new Drafter([1, 2, 3, 1, 2, 3, 1, 2, 3]).propose(8)).toEqual([]);
  expect(new Drafter([5]).propose(8)).toEqual([]);
});
