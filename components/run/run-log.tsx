import { CircleAlert, TriangleAlert } from "lucide-react";
import { useFormatter, useTranslations } from "next-intl";
import { memo } from "react";
import { Card } from "@/components/ui/card";
import { cn } from "@/components/ui/cn";
import { formatDuration, formatLoss } from "@/lib/base/format";
import type { LogCode } from "@/lib/training/log-codes";
import type { LogEntry } from "@/lib/training/types";

const INKS = { info: "text-ink", warn: "text-warn", error: "text-bad" } as const;

/** Newest first. */
export const RunLog = memo(function RunLog({ log }: { log: readonly LogEntry[] }) {
  const t = useTranslations("run.logTab");
  if (log.length === 0) return <p className="py-6 text-center text-muted">{t("empty")}</p>;
  return (
    <Card className="overflow-hidden">
      <ul
        aria-label={t("title")}
        tabIndex={0}
        className="max-h-[420px] overflow-y-auto py-1.5 font-mono text-mono"
      >
        {log.toReversed().map((entry) => (
          <LogLine key={idOf(entry)} entry={entry} />
        ))}
      </ul>
    </Card>
  );
});

const LogLine = memo(function LogLine({ entry }: { entry: LogEntry }) {
  const t = useTranslations("run");
  const format = useFormatter();
  const Icon = entry.level === "error" ? CircleAlert : TriangleAlert;
  return (
    <li className="flex gap-3 px-3.5 [contain-intrinsic-height:22px] [content-visibility:auto] hover:bg-hover">
      <time className="shrink-0 text-faint num" dateTime={new Date(entry.at).toISOString()}>
        {format.dateTime(entry.at, { hour: "2-digit", minute: "2-digit", second: "2-digit" })}
      </time>
      <span className={cn("min-w-0 [overflow-wrap:anywhere]", INKS[entry.level])}>
        {entry.level !== "info" && (
          <Icon
            role="img"
            aria-label={t(`logTab.level.${entry.level}`)}
            className="mr-1.5 inline size-3.5 align-[-2px]"
          />
        )}
        {t(`log.${entry.code as LogCode}`, shownParams(entry.params))}
      </span>
    </li>
  );
});

/** Losses and spans of time as the rest of the page shows them. */
function shownParams({ loss, gapSeconds, ...rest }: LogEntry["params"]) {
  return {
    ...rest,
    ...(loss !== undefined && { loss: formatLoss(Number(loss)) }),
    ...(gapSeconds !== undefined && { gap: formatDuration(Number(gapSeconds) * 1000) }),
  };
}

const ids = new WeakMap<LogEntry, number>();
let lastId = 0;

/** Entries have no id of their own; the same object keeps its line while others come before it. */
function idOf(entry: LogEntry): number {
  const id = ids.get(entry) ?? (lastId += 1);
  ids.set(entry, id);
  return id;
}
