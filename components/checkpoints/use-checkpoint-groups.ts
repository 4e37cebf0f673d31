import { useQueries, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Checkpoint, TrainingRun } from "@/lib/protocol/checkpoints";
import { checkpointsQuery, trainingRunsQuery } from "@/lib/query/checkpoints";
import { datasetsQuery } from "@/lib/query/datasets";
import { savedCheckpointsQuery } from "@/lib/query/saved-checkpoints";
import { describeServerRun } from "@/lib/stores/server-run";
import {
  matches,
  stepOfName,
  sumOfSizes,
  timeOf,
  type CheckpointGroup,
  type CheckpointItem,
} from "./checkpoint-item";
import type { CheckpointsView } from "./use-checkpoints-view";

/** So many runs are open from the start; the others load when they are opened or searched. */
const OPEN_AT_FIRST = 8;

/** Runs with their checkpoints, as filter and model let them through. */
export function useCheckpointGroups({ q, model, publish }: CheckpointsView) {
  const runs = useQuery(trainingRunsQuery());
  const { data: saved } = useQuery(savedCheckpointsQuery());
  const { data: datasets } = useQuery(datasetsQuery());
  const [toggled, setToggled] = useState<Record<string, boolean>>({});
  const listed = runs.data ?? [];
  const isOpen = (run: TrainingRun, index: number) => toggled[run.id] ?? index < OPEN_AT_FIRST;
  const isWanted = (run: TrainingRun, index: number) =>
    isOpen(run, index) || q !== "" || publish.includes(run.id);
  const lists = useQueries({
    queries: listed.map((run, index) => ({
      ...checkpointsQuery(run.id),
      enabled: isWanted(run, index),
    })),
  });

  const groups = listed.flatMap((run, index): CheckpointGroup[] => {
    const list = lists[index];
    const { name, datasetId: madeFrom } = describeServerRun(run);
    // Another browser's dataset is not here.
    const datasetId = datasets?.find((dataset) => dataset.id === madeFrom)?.id ?? null;
    const all = (list?.data ?? []).map((checkpoint) =>
      itemOf(run, checkpoint, { runName: name, datasetId, known: saved?.get(checkpoint.path) }),
    );
    const isRunFound = matches(q, name, run.id, run.baseModel);
    const items = isRunFound
      ? all
      : all.filter((item) => matches(q, name, run.baseModel, item.name, item.path));
    if (model !== "" && run.baseModel !== model) return [];
    if (!isRunFound && items.length === 0) return [];
    return [
      {
        ...{ run, name, isOpen: toggled[run.id] ?? (q !== "" || index < OPEN_AT_FIRST) },
        ...{ isPending: list?.isLoading ?? true, error: list?.error ?? null },
        refetch: () => void list?.refetch(),
        items: items.sort((a, b) => (b.createdAt ?? 0) - (a.createdAt ?? 0)),
        sizeBytes: sumOfSizes(all),
        count: list?.data ? all.length : null,
      },
    ];
  });

  return {
    isPending: runs.isPending,
    error: runs.error,
    refetch: () => void runs.refetch(),
    runCount: listed.length,
    baseModels: [...new Set(listed.flatMap((run) => run.baseModel ?? []))].sort(),
    groups,
    /** False while a list that could hold what is looked for is still loading. */
    isComplete: !runs.isPending && lists.every((list) => !list.isLoading),
    toggle: ({ run, isOpen: was }: CheckpointGroup) =>
      setToggled((now) => ({ ...now, [run.id]: !was })),
  };
}

function itemOf(
  run: TrainingRun,
  checkpoint: Checkpoint,
  { known, ...facts }: { runName: string; datasetId: string | null; known: SavedFacts | undefined },
): CheckpointItem {
  return {
    ...checkpoint,
    key: `${run.id}/${checkpoint.id}`,
    ...{ runId: run.id, baseModel: run.baseModel },
    ...facts,
    step: known?.nextStep ?? stepOfName(checkpoint.name),
    loss: known?.loss ?? null,
    validationLoss: known?.validationLoss ?? null,
    createdAt: timeOf(checkpoint.time) ?? known?.savedAt ?? null,
    isResumePoint: known?.isResumePoint ?? false,
  };
}

interface SavedFacts {
  nextStep: number;
  loss: number | null;
  validationLoss: number | null;
  savedAt: number;
  isResumePoint: boolean;
}
