import { ArrowRight } from "lucide-react";
import { useFormatter, useTranslations } from "next-intl";
import { ButtonLink } from "@/components/ui/button-link";
import { paths } from "@/lib/config/paths";
import { LengthHistogram } from "./length-histogram";
import { MaxLengthForm } from "./max-length-form";
import type { DatasetBenchState } from "./use-dataset-bench";

/** How long the rows are, where the line is drawn, and the way to a run. */
export function LengthDock({ bench }: { bench: DatasetBenchState }) {
  return (
    <footer className="grid border-t border-line lg:col-span-2 lg:min-h-[180px] lg:grid-cols-[minmax(0,47fr)_minmax(0,30fr)_minmax(0,23fr)] [&>section]:min-w-0 [&>section]:border-b [&>section]:border-line [&>section]:px-3.5 [&>section]:py-3 sm:[&>section]:px-5 lg:[&>section]:border-b-0 lg:[&>section+section]:border-l">
      <LengthHistogram bench={bench} />
      <MaxLengthForm bench={bench} />
      <WayOn bench={bench} />
    </footer>
  );
}

function WayOn({ bench }: { bench: DatasetBenchState }) {
  const t = useTranslations("datasets.go");
  const format = useFormatter();
  const { dataset, model, hasNoServer, tokens, longRows, form } = bench;
  const leftOut = form?.draft.overLength === "drop" ? longRows.length : 0;
  const usable = tokens.tokenSet ? tokens.tokenSet.rowCount - leftOut : dataset.rowCount;
  return (
    <section className="flex flex-col">
      <h2>{t("title")}</h2>
      <dl className="mt-1 mb-3 grid grid-cols-[1fr_auto] leading-[22px] text-muted num [&>dd]:text-right [&>dd]:font-[550] [&>dd]:text-ink">
        <dt>{t("usable")}</dt>
        <dd>{format.number(usable)}</dd>
        <dt>{t("leftOutLong")}</dt>
        <dd>{format.number(leftOut)}</dd>
      </dl>
      <ButtonLink
        look="primary"
        className="mt-auto h-9"
        href={paths.newRun({ dataset: dataset.id, model })}
      >
        <ArrowRight aria-hidden />
        {t("plan")}
      </ButtonLink>
      <p className="mt-1.5 min-h-4 text-center text-small text-faint">
        {hasNoServer ? t("noServer") : tokens.isTokenizing ? t("waits") : ""}
      </p>
    </section>
  );
}
