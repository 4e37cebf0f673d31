import { useTranslations } from "next-intl";
import { Button } from "@/components/ui/button";
import { ErrorNote } from "@/components/ui/error-note";
import { Note } from "@/components/ui/note";
import { Progress } from "@/components/ui/progress";
import { formatBytes } from "@/lib/base/format";
import type { NewRun } from "./use-new-run";

/** The plan waits for the dataset's tokens: how far they are, or how to get them. */
export function TokensLine({ run }: { run: NewRun }) {
  const t = useTranslations();
  const { tokens, model, dataset } = run;
  const { progress, error, tokenSet, start, cancel } = tokens;
  if (!model || !dataset) return null;
  if (progress) {
    const title = t("newRun.plan.counting", { model });
    return (
      <div className="flex flex-col gap-1.5">
        <div className="flex items-center gap-2">
          <span className="min-w-0 flex-1 truncate text-muted">{title}</span>
          <Button size="small" look="ghost" onClick={cancel}>
            {t("common.cancel")}
          </Button>
        </div>
        <Progress
          label={title}
          value={progress.totalBytes > 0 ? progress.doneBytes / progress.totalBytes : 0}
        />
        <span className="text-small text-faint num">
          {t("newRun.plan.tokenProgress", {
            done: formatBytes(progress.doneBytes),
            total: formatBytes(progress.totalBytes),
          })}
        </span>
      </div>
    );
  }
  const again = (
    <Button size="small" onClick={start}>
      {t(error ? "common.retry" : "newRun.plan.count")}
    </Button>
  );
  if (error) return <ErrorNote error={error} actions={again} />;
  return tokenSet ? null : <Note actions={again}>{t("newRun.plan.notCounted")}</Note>;
}
