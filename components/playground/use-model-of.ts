import { useQuery } from "@tanstack/react-query";
import { trainingRunsQuery, weightsInfoQuery } from "@/lib/query/checkpoints";
import { capabilitiesQuery } from "@/lib/query/server";
import type { ModelChoice, PlaygroundMode } from "@/lib/storage/conversation";
import { describeServerRun } from "@/lib/stores/server-run";

export interface AskedModel {
  path: string | null;
  run: string | null;
  model: string | null;
}

/** The model that an address names: a checkpoint by its path, a base model by its name, else the server's first one. */
export function useModelOf({ path, run, model }: AskedModel) {
  const capabilities = useQuery({ ...capabilitiesQuery(), enabled: !path && !model });
  const runs = useQuery({ ...trainingRunsQuery(), enabled: Boolean(path) });
  const runId = run ?? runIdOf(path ?? "");
  const found = runs.data?.find(({ id }) => id === runId);
  const isUnlisted = Boolean(path) && !runs.isPending && !found?.baseModel && !model;
  const info = useQuery({ ...weightsInfoQuery(path ?? ""), enabled: isUnlisted });
  const facts = found && describeServerRun(found);
  const baseModel = path
    ? (found?.baseModel ?? model ?? info.data?.baseModel)
    : (model ?? capabilities.data?.models[0]?.name);
  const choice: ModelChoice | null = baseModel
    ? {
        baseModel,
        path,
        runName: path ? (facts?.name ?? runId) : null,
        checkpointName: path ? (path.split("/").at(-1) ?? null) : null,
      }
    : null;
  const mode: PlaygroundMode = facts?.mode ?? "chat";
  return {
    model: choice,
    mode,
    isPending: capabilities.isLoading || runs.isLoading || info.isLoading,
    error: capabilities.error ?? info.error,
  };
}

/** Both kinds of path begin with the run: `twinkle://RUN/weights/NAME`. */
function runIdOf(path: string): string | null {
  return /^[a-z]+:\/\/([^/]+)\//.exec(path)?.[1] ?? null;
}
