import { useQueries, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { checkpointsQuery, trainingRunsQuery } from "@/lib/query/checkpoints";
import { savedCheckpointsQuery } from "@/lib/query/saved-checkpoints";
import { capabilitiesQuery } from "@/lib/query/server";
import type { ModelChoice } from "@/lib/storage/conversation";
import { describeServerRun } from "@/lib/stores/server-run";

const OPEN_AT_FIRST = 3;

export interface ModelOption {
  model: ModelChoice;
  /** Of the checkpoint; validation loss where it is known. */
  loss: number | null;
}

export interface ModelGroup {
  id: string;
  name: string;
  rank: number | null;
  isOpen: boolean;
  isPending: boolean;
  isError: boolean;
  options: ModelOption[];
}

/** Base models and checkpoints by run, as the search lets them through; a run's checkpoints load when it is opened. */
export function useModelGroups(search: string, chosen: ModelChoice[]) {
  const capabilities = useQuery(capabilitiesQuery());
  const runs = useQuery(trainingRunsQuery());
  const { data: saved } = useQuery(savedCheckpointsQuery());
  const [toggled, setToggled] = useState<Record<string, boolean>>({});
  const words = search.toLowerCase().split(/\s+/);
  const isFound = (...texts: string[]) =>
    words.every((word) => texts.join(" ").toLowerCase().includes(word));

  const listed = (runs.data ?? []).filter((run) => run.baseModel !== null && !run.corrupted);
  const isOpen = (runId: string, index: number) =>
    search !== "" ||
    (toggled[runId] ?? (index < OPEN_AT_FIRST || chosen.some(({ path }) => path?.includes(runId))));
  const lists = useQueries({
    queries: listed.map((run, index) => ({
      ...checkpointsQuery(run.id),
      enabled: isOpen(run.id, index),
    })),
  });

  const groups = listed.map((run, index): ModelGroup => {
    const list = lists[index];
    const { name } = describeServerRun(run);
    const baseModel = run.baseModel ?? "";
    const options = (list?.data ?? [])
      .filter((checkpoint) => isFound(name, run.id, baseModel, checkpoint.name))
      .sort((a, b) => (b.time ?? "").localeCompare(a.time ?? ""))
      .map((checkpoint): ModelOption => {
        const known = saved?.get(checkpoint.path);
        return {
          model: {
            ...{ baseModel, path: checkpoint.path, runName: name },
            checkpointName: checkpoint.name,
          },
          loss: known?.validationLoss ?? known?.loss ?? null,
        };
      });
    return {
      ...{ id: run.id, name, rank: run.loraRank, isOpen: isOpen(run.id, index), options },
      ...{ isPending: list?.isLoading ?? false, isError: list?.isError ?? false },
    };
  });

  return {
    baseModels: (capabilities.data?.models ?? []).filter(({ name }) => isFound(name)),
    groups: groups.filter(
      ({ name, id, options, isPending }) => isPending || options.length > 0 || isFound(name, id),
    ),
    isPending: capabilities.isPending || runs.isPending,
    error: capabilities.error ?? runs.error,
    retry: () => void [capabilities, runs].map((query) => query.refetch()),
    toggle: ({ id, isOpen: was }: ModelGroup) => setToggled((now) => ({ ...now, [id]: !was })),
  };
}
