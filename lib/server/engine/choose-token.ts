import type { SampledToken } from "./types";

export interface ChoiceRules {
  temperature: number;
  topP: number;
  topK: number;
}

/** Below this distance from the largest logit a token's share is too small to change a sum in 64 bits noticeably. */
const NEGLIGIBLE = -30;
/** How far below the largest logit the search for candidates looks first; every round looks twice as far. */
const FIRST_REACH = 4;

/**
 * Picks the next token: temperature first, then top-k, then top-p among what top-k left, then one draw.
 *
 * @param logits - length V; not changed
 */
export function chooseToken(
  logits: Float32Array,
  rules: ChoiceRules,
  random: () => number,
): SampledToken {
  const best = mostLikely(logits);
  const token = rules.temperature === 0 ? best : draw(logits, logits[best]!, rules, random);
  return { token, logprob: logits[token]! - logOfSum(logits, logits[best]!) };
}

/** Natural log probability of one token under softmax(logits). */
export function logprobOf(logits: Float32Array, token: number): number {
  return logits[token]! - logOfSum(logits, logits[mostLikely(logits)]!);
}

/** The `count` most likely tokens with their natural log probabilities, most likely first. */
export function topLogprobs(logits: Float32Array, count: number): [number, number][] {
  const largest = logits[mostLikely(logits)]!;
  const total = logOfSum(logits, largest);
  return likeliest(logits, largest, 1, (ids) => ids.length >= count)
    .slice(0, count)
    .map((token) => [token, logits[token]! - total]);
}

function mostLikely(logits: Float32Array): number {
  let best = 0;
  for (let j = 1; j < logits.length; j++) if (logits[j]! > logits[best]!) best = j;
  return best;
}

function logOfSum(logits: Float32Array, largest: number): number {
  let sum = 0;
  for (let j = 0; j < logits.length; j++) {
    const distance = logits[j]! - largest;
    if (distance > NEGLIGIBLE) sum += Math.exp(distance);
  }
  return largest + Math.log(sum);
}

function draw(
  logits: Float32Array,
  largest: number,
  { temperature, topP, topK }: ChoiceRules,
  random: () => number,
): number {
  const odds = new Float64Array(logits.length);
  let mass = 0;
  for (let j = 0; j < logits.length; j++) {
    const distance = (logits[j]! - largest) / temperature;
    if (distance > NEGLIGIBLE) mass += odds[j] = Math.exp(distance);
  }
  const massOf = (ids: readonly number[]) => ids.reduce((sum, token) => sum + odds[token]!, 0);
  let candidates: number[] | null = null;
  if (topK > 0 && topK < logits.length) {
    candidates = likeliest(logits, largest, temperature, (ids) => ids.length >= topK);
    candidates = candidates.slice(0, topK);
    mass = massOf(candidates);
  }
  if (topP < 1) {
    const wanted = topP * mass;
    candidates ??= likeliest(logits, largest, temperature, (ids) => massOf(ids) >= wanted);
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
function drawFrom(odds: Float64Array, mark: number, candidates: readonly number[] | null): number {
  const count = candidates ? candidates.length : odds.length;
  let last = 0;
  for (let index = 0; index < count; index++) {
    const token = candidates ? candidates[index]! : index;
    if (odds[token] === 0) continue;
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
