import { useFormatter, useTranslations } from "next-intl";
import { useId, type ReactNode } from "react";
import { Card } from "@/components/ui/card";
import { ErrorNote } from "@/components/ui/error-note";
import { Note } from "@/components/ui/note";
import { formatLearningRate } from "@/lib/base/format";
import { StartButton, StartReason } from "./start-button";
import { TokensLine } from "./tokens-line";
import type { NewRun } from "./use-new-run";
import type { Start } from "./use-start";

/** What the run comes to, before anything is sent. */
export function PlanCard({ run, start }: { run: NewRun; start: Start }) {
  const t = useTranslations("newRun.plan");
  const format = useFormatter();
  const reasonId = useId();
  const { plan, outlook, error } = run.plan;
  const number = (value: number | undefined) => (value === undefined ? "–" : format.number(value));
  const config = run.form?.config;
  const isWarmupTooLong =
    plan && config && plan.totalSteps > 0 && config.warmupSteps >= plan.totalSteps;
  return (
    <Card aria-label={t("title")} className="lg:sticky lg:top-6">
      <div className="grid grid-cols-2 gap-3 p-4 pb-3.5">
        <Figure
          name={t("steps")}
          detail={t("stepsPerEpoch", { steps: number(plan?.stepsPerEpoch) })}
        >
          {number(plan?.totalSteps)}
        </Figure>
        <Figure
          name={t("tokens")}
          detail={t("trained", { tokens: number(plan?.totalTrainedTokens) })}
        >
          {number(plan?.totalTokens)}
        </Figure>
      </div>
      <dl className="grid grid-cols-[1fr_auto] gap-x-3 border-t border-line px-4 py-2 leading-[26px] text-muted num [&>dd]:text-right [&>dd]:font-[550] [&>dd]:text-ink">
        <dt>{t("trainRows")}</dt>
        <dd>{number(plan?.trainRows.length)}</dd>
        <dt>{t("validationRows")}</dt>
        <dd>{number(plan?.validationRows.length)}</dd>
        <dt>{t("droppedRows")}</dt>
        <dd className={plan && plan.droppedRows > 0 ? "!text-warn" : undefined}>
          {number(plan?.droppedRows)}
        </dd>
        <dt>{t("cutRows")}</dt>
        <dd className={plan && plan.cutRows > 0 ? "!text-warn" : undefined}>
          {number(plan?.cutRows)}
        </dd>
        <dt>{t("requests")}</dt>
        <dd>
          {outlook?.mayNeedMore
            ? t("requestsAtLeast", { count: number(outlook.requests) })
            : number(outlook?.requests)}
        </dd>
        <dt>{t("checkpoints")}</dt>
        <dd>{number(outlook?.checkpoints)}</dd>
      </dl>
      <div className="border-t border-line p-4 pb-2 max-sm:hidden">
        <StartButton start={start} reasonId={reasonId} className="w-full" />
        <p id={reasonId} role="status" className="mt-2 min-h-4 text-center text-small text-faint">
          <StartReason run={run} start={start} />
        </p>
      </div>
      <div className="flex flex-col gap-2.5 px-4 pb-4 empty:hidden max-sm:pt-1">
        {start.error && <ErrorNote error={start.error} />}
        <TokensLine run={run} />
        {error && <ErrorNote error={error} />}
        {isWarmupTooLong && (
          <Note tone="warn">
            {t("warmupTooLong", { rate: formatLearningRate(config.learningRate) })}
          </Note>
        )}
      </div>
    </Card>
  );
}

function Figure({ name, detail, children }: { name: string; detail: string; children: ReactNode }) {
  return (
    <div className="min-w-0">
      <div className="text-small text-faint">{name}</div>
      <div className="truncate text-[24px] leading-8 font-semibold tracking-tight num">
        {children}
      </div>
      <div className="truncate text-small text-faint num">{detail}</div>
    </div>
  );
}
