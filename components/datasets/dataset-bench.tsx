"use client";

import type { DatasetRecord } from "@/lib/storage/types";
import { DatasetStrip } from "./dataset-strip";
import { LengthDock } from "./length-dock";
import { RowInspector } from "./row-inspector";
import { RowsPane } from "./rows-pane";
import { useDatasetBench } from "./use-dataset-bench";

/** One dataset: figures above, its rows and the chosen one side by side, lengths and the way on below. */
export function DatasetBench({ dataset }: { dataset: DatasetRecord }) {
  const bench = useDatasetBench(dataset);
  return (
    <div className="lg:grid lg:h-full lg:min-h-[700px] lg:grid-cols-[minmax(0,47fr)_minmax(0,53fr)] lg:grid-rows-[auto_minmax(0,1fr)_auto]">
      <DatasetStrip bench={bench} />
      <RowsPane bench={bench} />
      <RowInspector bench={bench} />
      <LengthDock bench={bench} />
    </div>
  );
}
