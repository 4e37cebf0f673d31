import { Lock } from "lucide-react";
import { useTranslations } from "next-intl";
import { Button } from "@/components/ui/button";
import { Progress } from "@/components/ui/progress";
import { formatBytes } from "@/lib/base/format";
import { useTokenizing } from "@/lib/query/token-set";
import { GivenFiles } from "@/components/problems/given-files";
import { TokensRefused } from "@/components/problems/tokens-refused";
import type { DatasetBenchState } from "./use-dataset-bench";

/** One line of fixed height, so that nothing moves when the counting ends. */
export function TokenizeStatus({ bench }: { bench: DatasetBenchState }) {
  const t = useTranslations();
  const { dataset, model } = bench;
  const { tokenSet, isTokenizing, error, start } = bench.tokens;
  if (error && model) {
    return (
      <div className="mt-2 flex flex-col gap-1.5">
        <TokensRefused model={model} error={error} onRetry={start} />
        <GivenFiles model={model} />
      </div>
    );
  }
  return (
    <div className="mt-2 -mb-1 flex min-h-[26px] items-center gap-3 text-small text-muted num max-sm:min-h-8">
      {isTokenizing && model && <Tokenizing datasetId={dataset.id} model={model} />}
      {!isTokenizing && !tokenSet && model && (
        <>
          {t("datasets.tokenizing.cancelled")}
          <Button size="small" onClick={start}>
            {t("datasets.tokenizing.start")}
          </Button>
        </>
      )}
      {tokenSet && model && <GivenFiles model={model} />}
      {tokenSet && (
        <span className="flex items-center gap-1.5 text-faint">
          <Lock aria-hidden className="size-3.5 shrink-0" />
          {t("datasets.strip.private")}
        </span>
      )}
    </div>
  );
}

function Tokenizing({ datasetId, model }: { datasetId: string; model: string }) {
  const t = useTranslations();
  const tokenizing = useTokenizing(datasetId, model);
  if (!tokenizing) return null;
  const { doneBytes, totalBytes, rows } = tokenizing.progress;
  return (
    <>
      <span className="hidden sm:inline">{t("datasets.tokenizing.label")}</span>
      <Progress
        label={t("datasets.tokenizing.label")}
        value={totalBytes > 0 ? doneBytes / totalBytes : 0}
        className="w-24 shrink sm:w-48"
      />
      <span className="min-w-0 truncate">
        {t("datasets.tokenizing.progress", {
          done: formatBytes(doneBytes),
          total: formatBytes(totalBytes),
          rows,
        })}
      </span>
      <Button size="small" look="ghost" onClick={tokenizing.cancel}>
        {t("common.cancel")}
      </Button>
    </>
  );
}
