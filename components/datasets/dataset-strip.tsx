import { Check, TriangleAlert } from "lucide-react";
import { useFormatter, useTranslations } from "next-intl";
import { Stat } from "@/components/ui/stat";
import { Chip } from "@/components/ui/tag";
import { ModelPicker } from "./model-picker";
import { TokenizeStatus } from "./tokenize-status";
import type { DatasetBenchState } from "./use-dataset-bench";

/** What the file is, and its figures: those of the file first, those of the base model as they are counted. */
export function DatasetStrip({ bench }: { bench: DatasetBenchState }) {
  const t = useTranslations("datasets");
  const format = useFormatter();
  const { dataset, tokens, maxLength, longRows, problemCount } = bench;
  const { tokenSet } = tokens;
  const figure = (value: number | undefined) =>
    value === undefined ? <span className="text-faint">–</span> : format.number(value);
  return (
    <header className="border-b border-line px-3.5 pt-3 pb-3 sm:px-5 lg:col-span-2">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1.5">
        <h1 className="min-w-0 [overflow-wrap:anywhere]">{dataset.name}</h1>
        <Chip>
          <Check aria-hidden className="size-3.5 text-ok" />
          {t(`format.${dataset.format}`)}
        </Chip>
        <p className="min-w-0 flex-1 basis-60 text-small text-faint">
          {t(`why.${dataset.format}`, {
            usable: dataset.rowCount,
            total: dataset.rowCount + dataset.problemCount,
          })}
        </p>
        <ModelPicker bench={bench} />
      </div>
      <div className="mt-2.5 grid grid-cols-3 gap-x-3 gap-y-2 sm:flex sm:flex-wrap sm:gap-x-7">
        <Stat name={t("strip.rows")} className="sm:min-w-12">
          {figure(dataset.rowCount)}
        </Stat>
        <Stat
          name={
            problemCount > 0 ? (
              <span className="text-bad">
                <TriangleAlert aria-hidden className="mr-1 mb-0.5 inline size-3" />
                {t("strip.problems")}
              </span>
            ) : (
              t("strip.problems")
            )
          }
        >
          {figure(problemCount)}
        </Stat>
        <Stat name={t("strip.tokens")} className="sm:min-w-24 sm:border-l sm:border-line sm:pl-7">
          <span data-testid={tokenSet && "token-count"}>{figure(tokenSet?.tokenCount)}</span>
        </Stat>
        <Stat name={t("strip.trained")} className="sm:min-w-28">
          {figure(tokenSet?.trainedTokenCount)}{" "}
          {tokenSet && tokenSet.tokenCount > 0 && (
            <small className="text-small font-normal tracking-normal text-faint">
              {format.number(tokenSet.trainedTokenCount / tokenSet.tokenCount, {
                style: "percent",
              })}
            </small>
          )}
        </Stat>
        <Stat name={t("strip.p50")} className="sm:min-w-24 sm:border-l sm:border-line sm:pl-7">
          {figure(tokenSet?.p50)}
        </Stat>
        <Stat name={t("strip.p95")} className="sm:min-w-12">
          {figure(tokenSet?.p95)}
        </Stat>
        <Stat name={t("strip.max")} className="sm:min-w-12">
          {figure(tokenSet?.longestRow)}
        </Stat>
        <Stat name={maxLength === null ? t("rows.long") : t("strip.tooLong", { max: maxLength })}>
          {figure(tokenSet && longRows.length)}
        </Stat>
      </div>
      <TokenizeStatus bench={bench} />
    </header>
  );
}
