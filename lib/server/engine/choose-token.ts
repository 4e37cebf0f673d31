import type { LogitOdds, LogitRow } from "./logit-row";
import type { SampledToken } from "./types";

export interface ChoiceRules {
  temperature: number;
  topP: number;
  topK: number;
}

/** Beside the odds of the likeliest token, which are 1, these are too small to change a sum noticeably. */
const NEGLIGIBLE = 1e-13;
/** How far below the largest logit the search for candidates looks first; every round looks twice as far. */
const FIRST_REACH = 4;

/**
 * Picks the next token: temperature first, then top-k, then top-p among what top-k left, then one draw.
 *
 * @param row - not changed
 */
export function chooseToken(row: LogitRow, rules: ChoiceRules, random: () => number): SampledToken {
  const token = rules.temperature === 0 ? mostLikely(row.numbers) : draw(row, rules, random);
  return { token, logprob: logprobOf(row, token) };
}

/** Natural log probability of one token under softmax(logits). */
export function logprobOf(row: LogitRow, token: number): number {
  return row.numbers[token]! - logOfSum(row.weigh(1));
}

/** The `count` most likely tokens with their natural log probabilities, most likely first. */
export function topLogprobs(row: LogitRow, count: number): [number, number][] {
  const { numbers } = row;
  const weighed = row.weigh(1);
  const total = logOfSum(weighed);
  return likeliest(numbers, weighed.largest, 1, (ids) => ids.length >= count)
    .slice(0, count)
    .map((token) => [token, numbers[token]! - total]);
}

/** The natural log of the sum of exp(logit), of odds at temperature 1. */
function logOfSum({ largest, sum }: LogitOdds): number {
  return largest + Math.log(sum);
}

function mostLikely(logits: Float32Array): number {
  let best = 0;
  for (let j = 1; j < logits.length; j++) if (logits[j]! > logits[best]!) best = j;
  return best;
}

function draw(
  row: LogitRow,
  { temperature, topP, topK }: ChoiceRules,
  random: () => number,
): number {
  const { odds, largest } = row.weigh(temperature);
  let mass = 0;
  for (let j = 0; j < odds.length; j++) if (odds[j]! > NEGLIGIBLE) mass += odds[j]!;
  const massOf = (ids: readonly number[]) => ids.reduce((sum, token) => sum + odds[token]!, 0);
  let candidates: number[] | null = null;
  if (topK > 0 && topK < odds.length) {
    candidates = likeliest(row.numbers, largest, temperature, (ids) => ids.length >= topK);
    candidates = candidates.slice(0, topK);
    mass = massOf(candidates);
  }
  if (topP < 1) {
    const wanted = topP * mass;
    candidates ??= likeliest(row.numbers, largest, temperature, (ids) => massOf(ids) >= wanted);
    let kept = 0;
    let keptMass = 0;
    while (kept < candidates.length && (kept === 0 || keptMass < wanted))
      keptMass += odds[candidates[kept++]!]!;
    candidates = candidates.slice(0, kept);
    mass = keptMass;
  }
  return drawFrom(odds, mass * random(), candidates);
}

/** The token at which the running sum of the odds passes `mark`. */
function drawFrom(odds: Float32Array, mark: number, candidates: readonly number[] | null): number {
  const count = candidates ? candidates.length : odds.length;
  let last = 0;
  for (let index = 0; index < count; index++) {
    const token = candidates ? candidates[index]! : index;
    if (odds[token]! <= NEGLIGIBLE) continue;
    last = token;
    mark -= odds[token]!;
    if (mark < 0) break;
  }
  return last;
}

/** Token ids from the most likely one on, at least until there are enough; only those are sorted. */
function likeliest(
  logits: Float32Array,
  largest: number,
  temperature: number,
  isEnough: (ids: readonly number[]) => boolean,
): number[] {
  let ids: number[] = [];
  for (let reach = FIRST_REACH; reach < Infinity && ids.length < logits.length; reach *= 2) {
    const floor = largest - reach * temperature;
    ids = [];
    for (let j = 0; j < logits.length; j++) if (logits[j]! >= floor) ids.push(j);
    if (isEnough(ids)) break;
  }
  return ids.sort((a, b) => logits[b]! - logits[a]! || a - b);
}
