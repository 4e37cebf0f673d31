import { useSearchParams } from "next/navigation";

export const ROW_VIEWS = ["chat", "tokens", "raw"] as const;
export type RowViewName = (typeof ROW_VIEWS)[number];
export const ROW_FILTERS = ["all", "problems", "long"] as const;
export type RowFilter = (typeof ROW_FILTERS)[number];

export interface DatasetView {
  /** Null: the first model of the server. */
  model: string | null;
  /** From 0, among the usable rows. */
  row: number;
  view: RowViewName;
  only: RowFilter;
}

/** What the page shows, kept in its address without a trip to the server. */
export function useDatasetView() {
  const search = useSearchParams();
  const row = Number(search.get("row"));
  const view: DatasetView = {
    model: search.get("model"),
    row: Number.isInteger(row) && row > 0 ? row : 0,
    view: ROW_VIEWS.find((name) => name === search.get("view")) ?? "chat",
    only: ROW_FILTERS.find((name) => name === search.get("only")) ?? "all",
  };
  return {
    ...view,
    show: (changes: Partial<DatasetView>) => {
      const next = new URLSearchParams(window.location.search);
      for (const [name, value] of Object.entries(changes)) next.set(name, String(value));
      window.history.replaceState(null, "", `?${next.toString()}`);
    },
  };
}
