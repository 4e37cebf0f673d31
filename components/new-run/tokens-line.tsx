import { useTranslations } from "next-intl";
import { TokensRefused } from "@/components/problems/tokens-refused";
import { Button } from "@/components/ui/button";
import { Note } from "@/components/ui/note";
import { Progress } from "@/components/ui/progress";
import { formatBytes } from "@/lib/base/format";
import { useTokenizing } from "@/lib/query/token-set";
import type { NewRun } from "./use-new-run";

/** The plan waits for the dataset's tokens: how far they are, or how to get them. */
export function TokensLine({ run: { tokens, model, dataset } }: { run: NewRun }) {
  const t = useTranslations();
  const { tokenSet, isTokenizing, error, start } = tokens;
  if (!model || !dataset) return null;
  if (isTokenizing) return <Tokenizing datasetId={dataset.id} model={model} />;
  if (error) return <TokensRefused model={model} error={error} onRetry={start} />;
  if (tokenSet) return null;
  const count = (
    <Button size="small" onClick={start}>
      {t("newRun.plan.count")}
    </Button>
  );
  return <Note actions={count}>{t("newRun.plan.notCounted")}</Note>;
}

function Tokenizing({ datasetId, model }: { datasetId: string; model: string }) {
  const t = useTranslations();
  const tokenizing = useTokenizing(datasetId, model);
  if (!tokenizing) return null;
  const { doneBytes, totalBytes } = tokenizing.progress;
  const title = t("newRun.plan.counting", { model });
  return (
    <div className="flex flex-col gap-1.5">
      <div className="flex items-center gap-2">
        <span className="min-w-0 flex-1 truncate text-muted">{title}</span>
        <Button size="small" look="ghost" onClick={tokenizing.cancel}>
          {t("common.cancel")}
        </Button>
      </div>
      <Progress label={title} value={totalBytes > 0 ? doneBytes / totalBytes : 0} />
      <span className="text-small text-faint num">
        {t("newRun.plan.tokenProgress", {
          done: formatBytes(doneBytes),
          total: formatBytes(totalBytes),
        })}
      </span>
    </div>
  );
}
