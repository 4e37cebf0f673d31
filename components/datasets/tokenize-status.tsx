import { Lock } from "lucide-react";
import { useTranslations } from "next-intl";
import { Button } from "@/components/ui/button";
import { Progress } from "@/components/ui/progress";
import { formatBytes } from "@/lib/base/format";
import type { TokenSetState } from "@/lib/query/token-set";
import { DatasetRefusal } from "./dataset-refusal";

/** One line of fixed height, so that nothing moves when the counting ends. */
export function TokenizeStatus({
  tokens,
  model,
}: {
  tokens: TokenSetState;
  model: string | undefined;
}) {
  const t = useTranslations();
  const { tokenSet, progress, error, start, cancel } = tokens;
  const retry = (
    <Button size="small" onClick={start}>
      {t(error ? "common.retry" : "datasets.tokenizing.start")}
    </Button>
  );
  if (error) {
    return (
      <div className="mt-2">
        <DatasetRefusal
          title={t("datasets.refused.tokens", { model: model ?? "" })}
          error={error}
          actions={retry}
        />
      </div>
    );
  }
  return (
    <div className="mt-2 -mb-1 flex min-h-[26px] items-center gap-3 text-small text-muted num">
      {progress && (
        <>
          <span className="hidden sm:inline">{t("datasets.tokenizing.label")}</span>
          <Progress
            label={t("datasets.tokenizing.label")}
            value={progress.totalBytes > 0 ? progress.doneBytes / progress.totalBytes : 0}
            className="w-24 shrink sm:w-48"
          />
          <span className="min-w-0 truncate">
            {t("datasets.tokenizing.progress", {
              done: formatBytes(progress.doneBytes),
              total: formatBytes(progress.totalBytes),
              rows: progress.rows,
            })}
          </span>
          <Button size="small" look="ghost" onClick={cancel}>
            {t("common.cancel")}
          </Button>
        </>
      )}
      {!progress && !tokenSet && model && (
        <>
          {t("datasets.tokenizing.cancelled")}
          {retry}
        </>
      )}
      {tokenSet && !progress && (
        <span className="flex items-center gap-1.5 text-faint">
          <Lock aria-hidden className="size-3.5 shrink-0" />
          {t("datasets.strip.private")}
        </span>
      )}
    </div>
  );
}
