import { useQuery } from "@tanstack/react-query";
import { useFormatter, useTranslations } from "next-intl";
import { cn } from "@/components/ui/cn";
import { Skeleton } from "@/components/ui/page";
import { lengthHistogramQuery } from "@/lib/query/dataset-rows";
import type { DatasetBenchState } from "./use-dataset-bench";

/** A max length up to this many times the longest row still fits on the axis. */
const ROOM_FOR_LIMIT = 1.5;

export function LengthHistogram({ bench }: { bench: DatasetBenchState }) {
  const t = useTranslations("datasets.lengths");
  const { tokens, maxLength, longRows } = bench;
  const { tokenSet } = tokens;
  const { data: histogram } = useQuery({
    ...lengthHistogramQuery(tokenSet?.id ?? ""),
    enabled: tokenSet !== undefined,
  });
  return (
    <section>
      <div className="mb-2 flex items-baseline gap-3">
        <h2>{t("title")}</h2>
        {tokenSet && longRows.length > 0 && (
          <span className="text-small font-[550] text-bad num">
            {t("over", { count: longRows.length })}
          </span>
        )}
      </div>
      {histogram && tokenSet ? (
        <Bars
          counts={histogram.counts}
          upTo={histogram.upTo}
          limit={maxLength}
          label={t("chart", {
            p50: tokenSet.p50,
            max: tokenSet.longestRow,
            limit: maxLength ?? 0,
          })}
        />
      ) : (
        <Skeleton className="h-[116px]" />
      )}
    </section>
  );
}

interface BarsProps {
  counts: readonly number[];
  /** Tokens at the right end of the last bar. */
  upTo: number;
  limit: number | null;
  label: string;
}

function Bars({ counts, upTo, limit, label }: BarsProps) {
  const t = useTranslations("datasets.lengths");
  const format = useFormatter();
  const isLimitShown = limit !== null && limit <= upTo * ROOM_FOR_LIMIT;
  const axisEnd = Math.max(1, isLimitShown ? Math.max(upTo, limit) : upTo);
  const most = Math.max(1, ...counts);
  const share = (tokens: number) => `${(100 * tokens) / axisEnd}%`;
  const binSize = upTo / counts.length;
  return (
    <div role="img" aria-label={label} className="num">
      <div className="relative h-[84px] border-b border-line-strong">
        {counts.map((count, bin) => (
          <div
            key={bin}
            className={cn(
              "absolute bottom-0 rounded-t-[1.5px] border-x border-canvas",
              limit !== null && bin * binSize >= limit ? "bg-bad" : "bg-s1/75",
            )}
            style={{
              left: share(bin * binSize),
              width: share(binSize),
              height: count > 0 ? `max(2px, ${(100 * count) / most}%)` : 0,
            }}
          />
        ))}
        {isLimitShown && (
          <div
            className="absolute -top-1 -bottom-1 w-0.5 -translate-x-1/2 bg-accent"
            style={{ left: share(limit) }}
          />
        )}
      </div>
      <div className="relative h-7 pt-1 text-tiny text-faint">
        <span>0</span>
        <span className="absolute inset-x-0 text-center">{t("axis")}</span>
        <span className="absolute right-0">
          {isLimitShown && limit >= upTo ? "" : format.number(upTo)}
        </span>
        {isLimitShown && (
          <span
            className="absolute top-1 -translate-x-full rounded-full bg-accent px-1.5 font-semibold text-on-accent"
            style={{ left: share(limit) }}
          >
            {format.number(limit)}
          </span>
        )}
      </div>
    </div>
  );
}
