import { useTranslations } from "next-intl";
import { Note } from "@/components/ui/note";
import type { DatasetBenchState } from "./use-dataset-bench";

/** What becomes of a row that is too long, or that could not be made into tokens. */
export function RowNotes({ bench, row }: { bench: DatasetBenchState; row: number }) {
  const t = useTranslations("datasets.row");
  const length = bench.lengths?.[row];
  const { maxLength, form } = bench;
  if (length === 0) {
    return (
      <Note tone="bad" className="mx-3.5 mt-3 mb-1">
        {t("droppedRow")}
      </Note>
    );
  }
  if (length === undefined || maxLength === null || length <= maxLength) return null;
  const fate = form?.draft.overLength === "cut_start" ? "longCut" : "longDrop";
  return (
    <Note tone="warn" className="mx-3.5 mt-3 mb-1">
      {t(fate, { length, over: length - maxLength })}
    </Note>
  );
}
