import { useVirtualizer } from "@tanstack/react-virtual";
import { useTranslations } from "next-intl";
import { useRef } from "react";
import { ProblemText } from "@/components/problems/problem-text";
import type { DatasetBenchState } from "./use-dataset-bench";

const ESTIMATED_HEIGHT = 76;

/** Every line that cannot be used: its number, what is wrong, what to do. */
export function ProblemList({ bench }: { bench: DatasetBenchState }) {
  const t = useTranslations();
  const scroller = useRef<HTMLDivElement>(null);
  const problems = [...bench.dataset.problems, ...(bench.tokens.tokenSet?.problems ?? [])].sort(
    (a, b) => a.line - b.line,
  );
  const virtualizer = useVirtualizer({
    count: problems.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ESTIMATED_HEIGHT,
    overscan: 6,
  });
  if (problems.length === 0) {
    return <p className="p-4 text-muted">{t("datasets.rows.noProblems")}</p>;
  }
  return (
    <>
      {problems.length < bench.problemCount && (
        <p className="border-b border-line px-3 py-1.5 text-small text-muted">
          {t("datasets.rows.firstProblems", { shown: problems.length, total: bench.problemCount })}
        </p>
      )}
      <div
        ref={scroller}
        tabIndex={0}
        role="group"
        aria-label={t("datasets.rows.problems")}
        className="min-h-0 flex-1 overflow-auto -outline-offset-2"
      >
        <ul className="relative" style={{ height: virtualizer.getTotalSize() }}>
          {virtualizer.getVirtualItems().map((item) => {
            const problem = problems[item.index];
            return (
              problem && (
                <li
                  key={item.key}
                  data-index={item.index}
                  ref={virtualizer.measureElement}
                  className="absolute inset-x-0 grid grid-cols-[76px_minmax(0,1fr)] gap-2 border-b border-line px-3 py-2"
                  style={{ top: item.start }}
                >
                  <span className="font-[550] text-bad num">
                    {t("problems.line", { line: problem.line })}
                  </span>
                  <div>
                    <ProblemText problem={problem} />
                  </div>
                </li>
              )
            );
          })}
        </ul>
      </div>
    </>
  );
}
