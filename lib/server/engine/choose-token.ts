import type { SampledToken } from "./types";

export interface ChoiceRules {
  temperature: number;
  topP: number;
  topK: number;
}

/**
 * Picks the next token: temperature first, then top-k, then top-p, then one draw.
 *
 * @param logits - length V; not changed
 */
export function chooseToken(
  logits: Float32Array,
  rules: ChoiceRules,
  random: () => number,
): SampledToken {
  let best = 0;
  for (let j = 1; j < logits.length; j++) if (logits[j]! > logits[best]!) best = j;
  const token = rules.temperature === 0 ? best : draw(logits, logits[best]!, rules, random);
  return { token, logprob: logprobOf(logits, token, logits[best]) };
}

/** Natural log probability of one token under softmax(logits). */
export function logprobOf(logits: Float32Array, token: number, largest = maximum(logits)): number {
  let sum = 0;
  for (let j = 0; j < logits.length; j++) sum += Math.exp(logits[j]! - largest);
  return logits[token]! - largest - Math.log(sum);
}

function maximum(logits: Float32Array): number {
  let largest = -Infinity;
  for (let j = 0; j < logits.length; j++) if (logits[j]! > largest) largest = logits[j]!;
  return largest;
}

function draw(
  logits: Float32Array,
  largest: number,
  rules: ChoiceRules,
  random: () => number,
): number {
  const odds = new Float64Array(logits.length);
  let total = 0;
  for (let j = 0; j < logits.length; j++) {
    odds[j] = Math.exp((logits[j]! - largest) / rules.temperature);
    total += odds[j]!;
  }
  const isTruncated = rules.topP < 1 || (rules.topK > 0 && rules.topK < logits.length);
  const candidates = isTruncated ? truncate(odds, total, rules) : null;
  const count = candidates ? candidates.length : odds.length;
  const tokenAt = (index: number) => (candidates ? candidates[index]! : index);
  let mass = candidates ? candidates.reduce((sum, token) => sum + odds[token]!, 0) : total;
  mass *= random();
  let last = tokenAt(0);
  for (let index = 0; index < count; index++) {
    const token = tokenAt(index);
    if (odds[token] === 0) continue;
    last = token;
    mass -= odds[token]!;
    if (mass < 0) break;
  }
  return last;
}

/** Token ids kept by top-k and top-p, most likely first; at least one. */
function truncate(odds: Float64Array, total: number, { topK, topP }: ChoiceRules): number[] {
  const floor = total * 1e-9;
  const order: number[] = [];
  for (let j = 0; j < odds.length; j++) if (odds[j]! >= floor) order.push(j);
  order.sort((a, b) => odds[b]! - odds[a]! || a - b);
  const ranked = topK > 0 ? order.slice(0, topK) : order;
  const rankedMass = ranked.reduce((sum, token) => sum + odds[token]!, 0);
  let kept = 0;
  let mass = 0;
  while (kept < ranked.length && (kept === 0 || mass < topP * rankedMass))
    mass += odds[ranked[kept++]!]!;
  return ranked.slice(0, kept);
}
