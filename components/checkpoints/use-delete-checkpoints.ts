import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { toErrorReport, type ErrorReport } from "@/lib/base/errors";
import { deleteCheckpointMutation } from "@/lib/query/checkpoints";
import type { CheckpointItem } from "./checkpoint-item";

export interface DeleteOutcome {
  deleted: ReadonlySet<string>;
  failed: ReadonlyMap<string, ErrorReport>;
}

const NOTHING: DeleteOutcome = { deleted: new Set(), failed: new Map() };

/** Deletes one after the other and goes on past failures; what failed can be tried again. */
export function useDeleteCheckpoints() {
  const client = useQueryClient();
  const { mutateAsync } = useMutation(deleteCheckpointMutation(client));
  const [outcome, setOutcome] = useState(NOTHING);
  const [isDeleting, setIsDeleting] = useState(false);

  /** True when all are gone. */
  async function deleteAll(items: CheckpointItem[]): Promise<boolean> {
    setIsDeleting(true);
    const deleted = new Set(outcome.deleted);
    const failed = new Map<string, ErrorReport>();
    for (const { key, runId, id } of items) {
      if (deleted.has(key)) continue;
      try {
        await mutateAsync({ runId, checkpointId: id });
        deleted.add(key);
      } catch (error) {
        failed.set(key, toErrorReport(error));
      }
      setOutcome({ deleted: new Set(deleted), failed: new Map(failed) });
    }
    setIsDeleting(false);
    return failed.size === 0;
  }

  return { outcome, isDeleting, deleteAll };
}
