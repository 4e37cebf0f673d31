import { useVirtualizer } from "@tanstack/react-virtual";
import { useQueries } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useEffect, useId, useRef, type KeyboardEvent } from "react";
import { ROWS_A_PAGE, rowsPageQuery } from "@/lib/query/dataset-rows";
import { ROW_GRID, RowLine } from "./row-line";
import { RowListFoot } from "./row-list-foot";
import { RowListHead } from "./row-list-head";
import type { DatasetBenchState } from "./use-dataset-bench";
import { useRowSteps } from "./use-row-steps";

const ROW_HEIGHT = 36;
const ROWS_A_JUMP = 10;

/** All rows, or the given ones; only those in sight are read and drawn. */
export function RowList({
  bench,
  onlyRows,
}: {
  bench: DatasetBenchState;
  onlyRows: number[] | null;
}) {
  const t = useTranslations("datasets.rows");
  const listId = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const { dataset, view } = bench;
  const { count, place, rowAt, step, jump } = useRowSteps(bench, onlyRows);
  const virtualizer = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 8,
  });
  const items = virtualizer.getVirtualItems();
  const pages = [...new Set(items.map((item) => Math.floor(rowAt(item.index) / ROWS_A_PAGE)))];
  const results = useQueries({ queries: pages.map((page) => rowsPageQuery(dataset.id, page)) });
  const rows = new Map(results.flatMap(({ data }) => data ?? []).map((row) => [row.index, row]));

  useEffect(() => virtualizer.scrollToIndex(place), [virtualizer, place]);

  function onKeyDown(event: KeyboardEvent) {
    const steps: Record<string, () => void> = {
      ArrowDown: () => step(1),
      ArrowUp: () => step(-1),
      PageDown: () => step(ROWS_A_JUMP),
      PageUp: () => step(-ROWS_A_JUMP),
      Home: () => jump(0),
      End: () => jump(count - 1),
    };
    const move = steps[event.key];
    if (!move) return;
    event.preventDefault();
    move();
  }

  return (
    <>
      <RowListHead sampleKind={dataset.sampleKind} />
      <div
        ref={scroller}
        role="listbox"
        tabIndex={0}
        aria-label={t("label")}
        aria-activedescendant={`${listId}-${place}`}
        onKeyDown={onKeyDown}
        className="min-h-0 flex-1 overflow-auto -outline-offset-2"
      >
        <div
          role="presentation"
          className="relative"
          style={{ height: virtualizer.getTotalSize() }}
        >
          {items.map((item) => {
            const row = rowAt(item.index);
            return (
              <RowLine
                key={item.key}
                id={`${listId}-${item.index}`}
                className={ROW_GRID}
                style={{ top: item.start, height: ROW_HEIGHT }}
                position={item.index + 1}
                count={count}
                row={rows.get(row)}
                length={bench.lengths?.[row]}
                maxLength={bench.maxLength}
                isSelected={row === view.row}
                onSelect={() => view.show({ row })}
              />
            );
          })}
        </div>
      </div>
      <RowListFoot range={virtualizer.range} count={count} />
    </>
  );
}
