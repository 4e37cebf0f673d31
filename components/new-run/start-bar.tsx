import { useFormatter, useTranslations } from "next-intl";
import { StartButton } from "./start-button";
import type { NewRun } from "./use-new-run";
import type { Start } from "./use-start";

/** On a narrow screen the way on stays in sight, with the one figure that matters. */
export function StartBar({ run, start }: { run: NewRun; start: Start }) {
  const t = useTranslations("newRun");
  const format = useFormatter();
  const { plan } = run.plan;
  return (
    <div className="sticky bottom-0 -mx-3.5 mt-4 flex items-center gap-3 border-t border-line bg-raised px-3.5 py-2.5 sm:hidden">
      <p className="min-w-0 flex-1 leading-[17px] num">
        <b className="font-semibold">
          {t("plan.steps")} {plan ? format.number(plan.totalSteps) : "–"}
        </b>
        <br />
        <span className="text-faint">
          {start.blocked && start.blocked !== "fields"
            ? t(`blocked.${start.blocked}`, { fields: "" })
            : `${t("plan.tokens")} ${plan ? format.number(plan.totalTokens) : "–"}`}
        </span>
      </p>
      <StartButton run={run} start={start} />
    </div>
  );
}
