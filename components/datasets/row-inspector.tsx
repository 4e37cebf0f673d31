import { useQuery } from "@tanstack/react-query";
import { ChevronLeft, ChevronRight } from "lucide-react";
import { useTranslations } from "next-intl";
import { Button } from "@/components/ui/button";
import { ErrorNote } from "@/components/ui/error-note";
import { Skeleton } from "@/components/ui/page";
import { Segments } from "@/components/ui/segments";
import { ROWS_A_PAGE, rowsPageQuery } from "@/lib/query/dataset-rows";
import { RowChat } from "./row-chat";
import { RowNotes } from "./row-notes";
import { RowRaw } from "./row-raw";
import { RowTokens } from "./row-tokens";
import type { DatasetBenchState } from "./use-dataset-bench";
import { ROW_VIEWS } from "./use-dataset-view";
import { useRowKeys, useRowSteps } from "./use-row-steps";

/** The chosen row as a conversation, as the model's tokens, or as it stands in the file. */
export function RowInspector({ bench }: { bench: DatasetBenchState }) {
  const t = useTranslations("datasets.row");
  const { dataset, view, longRows } = bench;
  const { place, count, step } = useRowSteps(bench, view.only === "long" ? longRows : null);
  useRowKeys(step);
  const index = Math.min(view.row, dataset.rowCount - 1);
  const page = useQuery(rowsPageQuery(dataset.id, Math.floor(index / ROWS_A_PAGE)));
  const row = page.data?.find((read) => read.index === index);
  return (
    <section
      aria-label={row ? t("label", { line: row.line }) : t("none")}
      className="flex h-[52dvh] min-h-0 min-w-0 flex-col border-b border-line bg-surface lg:h-auto lg:border-b-0"
    >
      <div className="flex flex-wrap items-center gap-2.5 border-b border-line px-3.5 py-[7px]">
        <Segments
          label={t("view")}
          value={view.view}
          options={ROW_VIEWS.map((value) => ({ value, label: t(value) }))}
          onChange={(value) => view.show({ view: value })}
        />
        <span className="ml-auto text-faint num">{row && t("line", { line: row.line })}</span>
        <div className="flex gap-1">
          <Button
            look="ghost"
            size="small"
            square
            aria-label={t("before")}
            disabled={place === 0}
            onClick={() => step(-1)}
          >
            <ChevronLeft />
          </Button>
          <Button
            look="ghost"
            size="small"
            square
            aria-label={t("next")}
            disabled={place >= count - 1}
            onClick={() => step(1)}
          >
            <ChevronRight />
          </Button>
        </div>
      </div>
      <RowNotes bench={bench} row={index} />
      {page.error && <ErrorNote error={page.error} className="m-3.5" />}
      {!row && !page.error && <Skeleton className="m-3.5 h-24" />}
      {row && view.view === "chat" && <RowChat sample={row.sample} />}
      {row && view.view === "tokens" && <RowTokens bench={bench} row={index} />}
      {row && view.view === "raw" && <RowRaw raw={row.raw} />}
    </section>
  );
}
