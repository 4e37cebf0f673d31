import { useEffect, useEffectEvent } from "react";
import type { DatasetBenchState } from "./use-dataset-bench";

/** The places of a list of rows, and the ways to move the chosen row along them. */
export function useRowSteps(bench: DatasetBenchState, onlyRows: number[] | null) {
  const { dataset, view } = bench;
  const count = onlyRows?.length ?? dataset.rowCount;
  const rowAt = (place: number) => onlyRows?.[place] ?? place;
  const place = onlyRows ? Math.max(0, onlyRows.indexOf(view.row)) : Math.min(view.row, count - 1);
  const jump = (to: number) => view.show({ row: rowAt(Math.min(count - 1, Math.max(0, to))) });
  return { count, place, rowAt, jump, step: (by: number) => jump(place + by) };
}

const TYPING = "input, textarea, select, [contenteditable], [role=dialog]";

/** `j` and `k` anywhere on the page, as long as nobody is typing. */
export function useRowKeys(step: (by: number) => void): void {
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    if (event.metaKey || event.ctrlKey || event.altKey) return;
    if (event.target instanceof Element && event.target.closest(TYPING)) return;
    if (event.key === "j") step(1);
    if (event.key === "k") step(-1);
  });
  useEffect(() => {
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, []);
}
