import { useFormatter, useTranslations } from "next-intl";
import { useId } from "react";
import { StartButton, StartReason } from "./start-button";
import type { NewRun } from "./use-new-run";
import type { Start } from "./use-start";

/** On a narrow screen the way on stays in sight, with the two figures that matter or the reason why not. */
export function StartBar({ run, start }: { run: NewRun; start: Start }) {
  const t = useTranslations("newRun.plan");
  const format = useFormatter();
  const reasonId = useId();
  const { plan } = run.plan;
  const number = (value: number | undefined) => (value === undefined ? "–" : format.number(value));
  return (
    <div className="sticky bottom-0 -mx-3.5 mt-4 flex min-h-[59px] items-center gap-3 border-t border-line bg-raised px-3.5 py-2.5 sm:hidden">
      <p id={reasonId} role="status" className="min-w-0 flex-1 leading-[17px] num">
        {start.blocked ? (
          <StartReason run={run} start={start} />
        ) : (
          <>
            <b className="font-semibold">
              {t("steps")} {number(plan?.totalSteps)}
            </b>
            <br />
            <span className="text-faint">
              {t("tokens")} {number(plan?.totalTokens)}
            </span>
          </>
        )}
      </p>
      <StartButton start={start} reasonId={reasonId} />
    </div>
  );
}
