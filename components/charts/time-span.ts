type SpanFormat = {
  style: "unit";
  unit: "second" | "minute" | "hour" | "day";
  unitDisplay: "short";
};

const UNITS = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
] as const;

/** A span of time in the one unit that says it best, as arguments of a number format: 41 min, 12 sec. */
export function timeSpan(ms: number): [value: number, format: SpanFormat] {
  const [unit, unitMs] = UNITS.find(([, size]) => ms >= size * 1.5) ?? (["second", 1000] as const);
  return [Math.max(1, Math.round(ms / unitMs)), { style: "unit", unit, unitDisplay: "short" }];
}
