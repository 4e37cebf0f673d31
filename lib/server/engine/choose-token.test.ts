import { expect, test } from "vitest";

import { chooseToken, logprobOf } from "./choose-token";
import { LogitRow } from "./logit-row";
import { openCompute } from "./open-compute";
import { seededRandom } from "./random";

const LOGITS = aRow([0.1, 0.4, 0.3, 0.15, 0.05].map(Math.log));

function aRow(logits: readonly number[]): LogitRow {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 65536, shared: true });
  const compute = openCompute(memory, { start: 0, words: 16384 }, { allowFma: true });
  const at = compute.allocate(8);
  compute.f32.set(logits, at);
  return new LogitRow(compute, at, logits.length);
}

const PLAIN = { temperature: 1, topP: 1, topK: 0 };

/** How often each token comes up in many draws. */
function shares(rules: Partial<typeof PLAIN>): number[] {
  const random = seededRandom(3);
  const counts = Array<number>(LOGITS.numbers.length).fill(0);
  const draws = 20_000;
  for (let i = 0; i < draws; i++)
    counts[chooseToken(LOGITS, { ...PLAIN, ...rules }, random).token]! += 1 / draws;
  return counts;
}

function expectShares(actual: number[], expected: number[]): void {
  actual.forEach((share, token) => expect(share).toBeCloseTo(expected[token]!, 1));
}

test("tokens come up as often as the model says", () => {
  expectShares(shares({}), [0.1, 0.4, 0.3, 0.15, 0.05]);
});

test("a low temperature favours likely tokens", () => {
  const squares = [0.01, 0.16, 0.09, 0.0225, 0.0025];
  const total = squares.reduce((sum, value) => sum + value);
  expectShares(
    shares({ temperature: 0.5 }),
    squares.map((value) => value / total),
  );
});

test("top-k keeps the k most likely tokens", () => {
  expectShares(shares({ topK: 2 }), [0, 4 / 7, 3 / 7, 0, 0]);
});

test("top-p keeps the fewest tokens that reach the mass", () => {
  expectShares(shares({ topP: 0.75 }), [0, 8 / 17, 6 / 17, 3 / 17, 0]);
});

test("log probabilities are those of the untouched distribution", () => {
  const { token, logprob } = chooseToken(LOGITS, { temperature: 0, topP: 0.1, topK: 1 }, () => 0);
  expect(token).toBe(1);
  expect(logprob).toBeCloseTo(Math.log(0.4), 5);
  expect(logprobOf(LOGITS, 4)).toBeCloseTo(Math.log(0.05), 5);
});
