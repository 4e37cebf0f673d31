import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { cn } from "@/components/ui/cn";
import { formatLoss } from "@/lib/base/format";
import type { LiveRun } from "@/lib/stores/live-run-updates";
import type { RunCurves } from "./run-curves";

const LOOK_BACK = 20;
const NONE = "–";

/** The smoothed loss, and what it has done lately. */
export function LossFigure({ curves: { smoothed } }: { curves: RunCurves }) {
  const t = useTranslations("run.progress");
  const charts = useTranslations("run.charts");
  const last = smoothed.at(-1);
  const isUntold = last !== undefined && Number.isNaN(last);
  const back = Math.min(LOOK_BACK, smoothed.length - 1);
  const change =
    last === undefined || back < 1 ? null : last - smoothed[smoothed.length - 1 - back]!;
  const amount = formatLoss(Math.abs(change ?? 0));
  return (
    <BigFigure
      mark={<i aria-hidden className="h-[3px] w-2.5 rounded-full bg-s1" />}
      name={t("loss")}
      value={last === undefined || isUntold ? NONE : formatLoss(last)}
    >
      {isUntold
        ? charts("unknown")
        : change === null
          ? t("tooEarly")
          : Number(amount) === 0
            ? t("sameIn", { steps: back })
            : change < 0
              ? t.rich("lessIn", {
                  amount,
                  steps: back,
                  b: (text) => <b className="font-[550] text-ok">{text}</b>,
                })
              : t("moreIn", { amount, steps: back })}
    </BigFigure>
  );
}

/** The newest validation loss, and whether it is the best. */
export function ValidationFigure({ run }: { run: LiveRun }) {
  const t = useTranslations("run.progress");
  const charts = useTranslations("run.charts");
  const { validations, record } = run;
  const firstAt = Math.min(record.plan.stepsPerEpoch, record.plan.totalSteps);
  const last = validations.at(-1);
  const best = validations.reduce<typeof last>(
    (low, point) => (low && low.loss <= point.loss ? low : point),
    undefined,
  );
  return (
    <BigFigure
      mark={<i aria-hidden className="size-[7px] rounded-full bg-s2" />}
      name={t("validation")}
      value={last ? formatLoss(last.loss) : NONE}
      isQuiet
    >
      {record.plan.validationRowCount === 0
        ? t("noValidation")
        : !last || !best
          ? record.step > firstAt
            ? charts("unknown")
            : t("firstAt", { step: firstAt })
          : best === last
            ? t("bestSoFar", { step: last.step })
            : t("bestAt", { loss: formatLoss(best.loss), step: best.step })}
    </BigFigure>
  );
}

interface BigFigureProps {
  mark: ReactNode;
  name: string;
  value: string;
  isQuiet?: boolean;
  children: ReactNode;
}

function BigFigure({ mark, name, value, isQuiet = false, children }: BigFigureProps) {
  return (
    <div className="min-w-36">
      <div className="flex items-center gap-1.5 text-small text-faint">
        {mark}
        {name}
      </div>
      <div className={cn("text-hero font-semibold tracking-tight num", isQuiet && "text-muted")}>
        {value}
      </div>
      <div className="text-small text-faint num">{children}</div>
    </div>
  );
}
