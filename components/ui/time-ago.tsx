"use client";

import { useLocale, useTranslations } from "next-intl";
import { useSyncExternalStore } from "react";

const TICK_MS = 30_000;
const JUST_NOW_MS = 45_000;
const UNITS = [
  ["minute", 60_000],
  ["hour", 3_600_000],
  ["day", 86_400_000],
] as const;
const RELATIVE_UP_TO_MS = 30 * 86_400_000;

/** How long ago it was, with the date and time as its title; a date alone after a month. */
export function TimeAgo({ at, className }: { at: number; className?: string }) {
  const t = useTranslations("common");
  const locale = useLocale();
  const now = useSyncExternalStore(
    onTick,
    () => Math.floor(Date.now() / TICK_MS) * TICK_MS,
    () => at,
  );
  const date = new Date(at);
  return (
    <time dateTime={date.toISOString()} title={date.toLocaleString(locale)} className={className}>
      {now - at < JUST_NOW_MS ? t("justNow") : ago(date, now - at, locale)}
    </time>
  );
}

function ago(date: Date, ageMs: number, locale: string): string {
  if (ageMs > RELATIVE_UP_TO_MS) return date.toLocaleDateString(locale, { dateStyle: "medium" });
  const [unit, unitMs] = UNITS.findLast(([, ms]) => ageMs >= ms) ?? UNITS[0];
  const format = new Intl.RelativeTimeFormat(locale, { numeric: "auto", style: "short" });
  const text = format.format(-Math.max(1, Math.floor(ageMs / unitMs)), unit);
  // Chinese typography wants a space that the formatter leaves out.
  return text.replace(/(\d)(?=\p{Script=Han})/u, "$1 ");
}

function onTick(tick: () => void): () => void {
  const timer = setInterval(tick, TICK_MS);
  return () => clearInterval(timer);
}
