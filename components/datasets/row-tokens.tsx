import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { ErrorNote } from "@/components/ui/error-note";
import { Skeleton } from "@/components/ui/page";
import { rowTokensQuery } from "@/lib/query/dataset-rows";
import { TokenText } from "./token-text";
import { TokenLegend } from "./token-legend";
import { TokenReadout } from "./token-readout";
import type { DatasetBenchState } from "./use-dataset-bench";

/** The row as the model reads it, each token marked by what the training does with it. */
export function RowTokens({ bench, row }: { bench: DatasetBenchState; row: number }) {
  const t = useTranslations("datasets.row");
  const { dataset, model, tokens, lengths } = bench;
  const isCounted = tokens.tokenSet !== undefined && lengths?.[row] !== 0;
  const query = useQuery({
    ...rowTokensQuery(dataset.id, model ?? "", row),
    enabled: isCounted && model !== undefined,
  });
  const [pointed, setPointed] = useState<{ row: number; index: number } | null>(null);
  if (!isCounted) return <p className="p-3.5 text-muted">{t("noTokens")}</p>;
  if (query.error) return <ErrorNote error={query.error} className="m-3.5" />;
  if (!query.data) return <Skeleton className="m-3.5 h-24" />;
  const pieces = query.data;
  const index = pointed?.row === row ? pointed.index : null;
  return (
    <>
      <TokenLegend />
      <TokenText key={row} pieces={pieces} onPoint={(at) => setPointed({ row, index: at })} />
      <TokenReadout pieces={pieces} index={index} />
    </>
  );
}
