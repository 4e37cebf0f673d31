export type ScaleKind = "linear" | "log";

/** Values along y, with ticks at round numbers. */
export interface ValueScale {
  kind: ScaleKind;
  from: number;
  to: number;
  ticks: number[];
}

/** Share of a value below which two values count as one. */
const LEAST_SPAN = 1e-6;
const DUST = 1e-9;

/** A scale that holds all values from `lowest` to `highest`, with about `count` ticks. */
export function valueScale(
  kind: ScaleKind,
  lowest: number,
  highest: number,
  count: number,
): ValueScale {
  return kind === "log" && lowest > 0
    ? logScale(lowest, highest)
    : linearScale(lowest, highest, count);
}

/** A tick with as many decimals as its neighbours. */
export function tickText({ kind, ticks }: ValueScale, tick: number): string {
  const decimals = Math.max(...ticks.map((each) => (String(each).split(".")[1] ?? "").length));
  return kind === "log" || decimals > 6 ? String(tick) : tick.toFixed(decimals);
}

/** How far up a value stands, from 0 to 1. */
export function heightOf({ kind, from, to }: ValueScale, value: number): number {
  const share =
    kind === "log" ? Math.log(value / from) / Math.log(to / from) : (value - from) / (to - from);
  return Math.min(1, Math.max(0, share));
}

/** Begins at 0 unless that would leave the lower half empty. */
function linearScale(lowest: number, highest: number, count: number): ValueScale {
  const bottom = lowest >= 0 && lowest < highest / 2 ? 0 : lowest;
  const size = Math.abs(highest) || 1;
  const span = highest - bottom > size * LEAST_SPAN ? highest - bottom : size;
  const step = roundStep(span / count);
  const first = Math.floor(bottom / step + DUST);
  const last = Math.max(first + 1, Math.ceil(highest / step - DUST));
  const ticks = Array.from({ length: last - first + 1 }, (_, at) => rounded((first + at) * step));
  return { kind: "linear", from: ticks[0]!, to: ticks.at(-1)!, ticks };
}

function logScale(lowest: number, highest: number): ValueScale {
  const decades = Math.log10(highest / lowest);
  const digits = decades > 3 ? [1] : decades > 1.2 ? [1, 2, 5] : [1, 1.5, 2, 3, 4, 5, 6, 8];
  const powers = {
    first: Math.floor(Math.log10(lowest)) - 1,
    last: Math.ceil(Math.log10(highest)),
  };
  const marks: number[] = [];
  for (let power = powers.first; power <= powers.last + 1; power++)
    marks.push(...digits.map((digit) => rounded(digit * 10 ** power)));
  const first = marks.findLastIndex((mark) => mark <= lowest);
  const last = marks.findIndex((mark, at) => mark >= highest && at > first);
  const ticks = marks.slice(first, last + 1);
  return { kind: "log", from: ticks[0]!, to: ticks.at(-1)!, ticks };
}

/** 1, 2 or 5 times a power of ten, at least `step`. */
function roundStep(step: number): number {
  const power = 10 ** Math.floor(Math.log10(step));
  const digit = [1, 2, 5].find((candidate) => candidate * power >= step * 0.999) ?? 10;
  return digit * power;
}

/** Without the dust of binary fractions. */
function rounded(value: number): number {
  return Number(value.toPrecision(12));
}
