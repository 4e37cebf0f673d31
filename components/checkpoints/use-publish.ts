import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { toErrorReport, type ErrorReport } from "@/lib/base/errors";
import { trainingRows } from "@/lib/base/model-card";
import { isCut } from "@/lib/base/publish-outcome";
import { publishMutation } from "@/lib/query/checkpoints";
import { hubAccountQuery, hubModelQuery } from "@/lib/query/hub";
import { addModelCard, awaitPublished } from "@/lib/query/publish";
import {
  beginPublishJob,
  updatePublishJob,
  usePublishJob,
  type PublishJob,
} from "@/lib/stores/publish-jobs";
import type { CheckpointItem } from "./checkpoint-item";

/** One checkpoint's way to the hub: whose account, where to, what is there, and the upload itself. */
export function usePublish(item: CheckpointItem) {
  const client = useQueryClient();
  const account = useQuery(hubAccountQuery());
  const job = usePublishJob(item.path);
  const canPublish = account.data?.canWrite ?? false;
  const modelId = canPublish ? `${account.data?.name}/${item.runId}_${item.name}` : null;
  const destination = useQuery({
    ...hubModelQuery(modelId ?? ""),
    enabled: modelId !== null,
  });
  const { mutateAsync } = useMutation(publishMutation(client));

  async function publish(target: string): Promise<void> {
    const update = (change: Partial<PublishJob>) => updatePublishJob(item.path, change);
    const fail = (error: ErrorReport | null) =>
      update({ phase: "failed", endedAt: Date.now(), error });
    beginPublishJob(item.path, target);
    let cut: ErrorReport | null = null;
    try {
      await mutateAsync({ runId: item.runId, checkpointId: item.id });
      update({ phase: "verifying" });
    } catch (error) {
      cut = toErrorReport(error);
      // Files that were there before prove nothing about this upload.
      if (!isCut(cut) || destination.data?.exists) return fail(cut);
      update({ phase: "cut" });
    }
    const model = await awaitPublished(client, target, { wasCut: cut !== null });
    if (!model) return fail(cut);
    const cardError = await addModelCard(cardOf(item, target)).then(() => null, toErrorReport);
    await client.invalidateQueries({ queryKey: hubModelQuery(target).queryKey });
    update({ phase: "done", endedAt: Date.now(), cardError });
  }

  return { account, canPublish, modelId, destination, job, publish };
}

/** What this browser knows of the training. */
function cardOf(item: CheckpointItem, repository: string) {
  const baseModel = item.baseModel ?? "";
  const facts = trainingRows({ ...item, run: item.runName });
  return { repository, baseModel, trainedOn: "a training server", facts };
}

export type PublishState = ReturnType<typeof usePublish>;
