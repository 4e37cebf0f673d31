import { useMutation } from "@tanstack/react-query";
import { Play } from "lucide-react";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { toast } from "sonner";
import { Button } from "@/components/ui/button";
import { Tooltip } from "@/components/ui/tooltip";
import { useServerName } from "@/components/ui/use-server-name";
import { toErrorReport } from "@/lib/base/errors";
import { paths } from "@/lib/config/paths";
import { useLacks } from "@/lib/query/server-features";
import { trainingHost } from "@/lib/workers/training-client";
import type { RunRowProps } from "./run-row";

/** Goes on with a run that was paused or interrupted, on its own page. */
export function ContinueButton({ record, serverId }: Pick<RunRowProps, "record" | "serverId">) {
  const t = useTranslations();
  const router = useRouter();
  const nameOf = useServerName();
  const { key, status, config, checkpoints } = record;
  const canGoOn = status === "paused" || status === "interrupted";
  const lacks = useLacks(canGoOn);
  const resume = useMutation({
    mutationFn: () => trainingHost().resume(key),
    networkMode: "always",
    onSuccess: () => router.push(paths.run(key)),
    onError: (error) => {
      const { code } = toErrorReport(error);
      toast.error(
        code === "dataset_invalid"
          ? t("run.datasetGone.text", { dataset: config.datasetName })
          : t(`errors.${code}`),
      );
    },
  });
  if (!canGoOn) return null;

  const isElsewhere = serverId !== null && serverId !== record.serverId;
  const blocked = isElsewhere
    ? t("runs.otherServer", { server: nameOf(record.serverId) })
    : checkpoints.length > 0 && lacks("load") && t("features.lacks.load");
  const button = (
    <Button
      size="small"
      aria-label={t("runs.continueRun", { name: config.name })}
      aria-disabled={Boolean(blocked)}
      disabled={resume.isPending}
      className="aria-disabled:cursor-not-allowed aria-disabled:text-faint"
      onClick={blocked ? undefined : () => resume.mutate()}
    >
      <Play />
      <span className="max-sm:hidden">
        {t(status === "paused" ? "runs.resume" : "runs.continue")}
      </span>
    </Button>
  );
  return blocked ? <Tooltip text={blocked}>{button}</Tooltip> : button;
}
