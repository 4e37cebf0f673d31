import { useMutation } from "@tanstack/react-query";
import { Camera } from "lucide-react";
import { useTranslations } from "next-intl";
import { Button } from "@/components/ui/button";
import { ErrorNote } from "@/components/ui/error-note";
import { useDrivenRun } from "@/lib/stores/live-run";
import type { RunRecord } from "@/lib/training/types";
import { trainingHost } from "@/lib/workers/training-client";
import type { Pick } from "./model-button";

/** The weights of the run that trains in this browser, as they are at the moment of the click. */
export function RunningNow({ serverId, onPick }: Pick & { serverId: string }) {
  const t = useTranslations("playground");
  const record = useDrivenRun()?.record;
  const take = useMutation({
    mutationFn: async ({ key, step, config }: RunRecord) => ({
      path: await trainingHost().saveForSampling(key),
      baseModel: config.baseModel,
      runName: config.name,
      checkpointName: t("asOfStep", { step }),
    }),
    networkMode: "always",
    onSuccess: onPick,
  });
  if (!record || record.serverId !== serverId) return null;
  return (
    <div className="px-2 py-1">
      <h3 className="py-1 text-small font-medium text-muted">{t("runningNow")}</h3>
      <Button
        size="small"
        className="w-full justify-start"
        disabled={take.isPending}
        onClick={() => take.mutate(record)}
      >
        <Camera />
        <span className="truncate">
          {take.isPending ? t("taking") : t("take", { name: record.config.name })}
        </span>
      </Button>
      {take.isError && <ErrorNote error={take.error} className="mt-2" />}
    </div>
  );
}
