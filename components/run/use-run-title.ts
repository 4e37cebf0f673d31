import { useFormatter, useTranslations } from "next-intl";
import { useEffect } from "react";
import { isUnderWay } from "@/lib/stores/run-tones";
import type { RunRecord } from "@/lib/training/types";

/** The tab's title says how far the run is, so that it can be watched from elsewhere. */
export function useRunTitle({ step, status, plan, config }: RunRecord): void {
  const t = useTranslations("run");
  const format = useFormatter();
  const percent = format.number(shareDone(step, plan.totalSteps), { style: "percent" });
  const title = isUnderWay(status) ? t("pageTitle", { percent, name: config.name }) : config.name;
  useEffect(() => {
    document.title = title;
  }, [title]);
}

/** Rounded down to whole percents: only a finished run is at 100 %. */
export function shareDone(step: number, totalSteps: number): number {
  return Math.floor((100 * step) / totalSteps) / 100;
}
