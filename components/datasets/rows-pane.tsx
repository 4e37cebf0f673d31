import { useFormatter, useTranslations } from "next-intl";
import { cn } from "@/components/ui/cn";
import { ProblemList } from "./problem-list";
import { RowList } from "./row-list";
import type { DatasetBenchState } from "./use-dataset-bench";
import { ROW_FILTERS, type RowFilter } from "./use-dataset-view";

/** The rows behind one of three filters. */
export function RowsPane({ bench }: { bench: DatasetBenchState }) {
  const t = useTranslations("datasets.rows");
  const format = useFormatter();
  const { dataset, view, tokens, longRows, problemCount, maxLength } = bench;
  const counts = { all: dataset.rowCount, problems: problemCount, long: longRows.length };
  function choose(only: RowFilter) {
    const isRowGone = only === "long" && !longRows.includes(view.row);
    view.show({ only, ...(isRowGone && { row: longRows[0] ?? view.row }) });
  }
  return (
    <section
      aria-label={t("label")}
      className="flex h-[56dvh] min-h-0 min-w-0 flex-col border-b border-line bg-surface lg:h-auto lg:border-r lg:border-b-0"
    >
      <div
        role="group"
        aria-label={t("filter")}
        className="flex flex-wrap gap-1.5 border-b border-line px-3 py-2.5"
      >
        {ROW_FILTERS.map((filter) => (
          <button
            key={filter}
            type="button"
            aria-pressed={view.only === filter}
            onClick={() => choose(filter)}
            className={cn(
              "flex h-6 items-center gap-1 rounded-full border border-line px-2 text-small font-medium hover:bg-hover max-sm:h-7",
              "aria-pressed:border-transparent aria-pressed:bg-accent-soft aria-pressed:text-accent-text",
            )}
          >
            {t(filter)}
            <span className="num">
              {filter === "long" && !tokens.tokenSet ? "–" : format.number(counts[filter])}
            </span>
          </button>
        ))}
      </div>
      {view.only === "problems" && <ProblemList bench={bench} />}
      {view.only === "all" && <RowList bench={bench} onlyRows={null} />}
      {view.only === "long" &&
        (longRows.length > 0 ? (
          <RowList bench={bench} onlyRows={longRows} />
        ) : (
          <p className="p-4 text-muted">
            {tokens.tokenSet && maxLength !== null
              ? t("noneLong", { max: maxLength })
              : t("noneLongYet")}
          </p>
        ))}
    </section>
  );
}
