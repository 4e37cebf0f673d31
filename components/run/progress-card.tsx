import { useFormatter, useNow, useTranslations } from "next-intl";
import { Card } from "@/components/ui/card";
import { Progress } from "@/components/ui/progress";
import { Stat } from "@/components/ui/stat";
import { formatCount, formatDuration, formatLearningRate } from "@/lib/base/format";
import type { LiveRun } from "@/lib/stores/live-run-updates";
import { isUnderWay } from "@/lib/stores/run-tones";
import { LossFigure, ValidationFigure } from "./loss-figures";
import { msPerStep } from "./pace";
import type { RunCurves } from "./run-curves";
import { RunFoot } from "./run-foot";
import type { RunCommands } from "./use-run-commands";
import { shareDone } from "./use-run-title";

export interface ProgressCardProps {
  run: LiveRun;
  curves: RunCurves;
  commands: RunCommands;
}

const NONE = "–";

export function ProgressCard({ run, curves, commands }: ProgressCardProps) {
  const t = useTranslations("run.progress");
  const activity = useTranslations("run.activity");
  const format = useFormatter();
  const now = useNow({ updateInterval: 1000 }).getTime();
  const { record } = run;
  const { step, plan, config } = record;
  const share = shareDone(step, plan.totalSteps);
  const isRunning = isUnderWay(record.status);
  const pace = msPerStep(curves.steps, curves.axis.gaps);
  const left = pace === null ? null : formatDuration((plan.totalSteps - step) * pace);
  const elapsedMs = record.activeMs + (isRunning ? Math.max(0, now - record.updatedAt) : 0);
  const oneDigit = { minimumFractionDigits: 1, maximumFractionDigits: 1 };
  return (
    <Card className="@container flex flex-col gap-3 px-4 py-3.5">
      <div className="flex flex-wrap items-baseline gap-x-3 gap-y-0.5 num">
        <b className="font-semibold">{t("step", { step, total: plan.totalSteps })}</b>
        <span className="text-muted">
          {t("epoch", {
            epoch: format.number(step / plan.stepsPerEpoch, oneDigit),
            epochs: config.epochs,
          })}
        </span>
        {isRunning && (
          <span className="hidden text-muted sm:inline">
            {activity(run.activity.code, { step: run.activity.step ?? step })}
          </span>
        )}
        <span className="ml-auto whitespace-nowrap">
          <b className="font-semibold">{format.number(share, { style: "percent" })}</b>{" "}
          {isRunning && left !== null && (
            <span className="text-faint">{t("left", { time: left })}</span>
          )}
        </span>
      </div>
      <Progress value={step / plan.totalSteps} label={t("label")} />
      <div className="flex flex-wrap items-stretch gap-x-5 gap-y-3 @[700px]:gap-x-7">
        <LossFigure curves={curves} />
        <ValidationFigure run={run} />
        <div className="grid flex-[1_0_100%] grid-cols-3 content-center gap-x-3 gap-y-2.5 border-t border-line pt-3 @[600px]:flex-1 @[600px]:grid-cols-[repeat(3,auto)] @[600px]:border-t-0 @[600px]:border-l @[600px]:pt-0 @[600px]:pl-5">
          <Stat name={t("rate")}>{shown(curves.rate.last, formatLearningRate)}</Stat>
          <Stat name={t("norm")}>{shown(curves.norm.last, (norm) => norm.toPrecision(2))}</Stat>
          <Stat name={t("speed")}>{shown(curves.speed.last, formatCount)}</Stat>
          <Stat name={t("elapsed")}>{formatDuration(elapsedMs)}</Stat>
          <Stat name={t("leftName")}>{isRunning ? (left ?? NONE) : NONE}</Stat>
          <Stat name={t("pace")}>{shown(pace, (ms) => (ms / 1000).toPrecision(3))}</Stat>
        </div>
      </div>
      <RunFoot run={run} commands={commands} elapsedMs={elapsedMs} now={now} />
    </Card>
  );
}

function shown(value: number | null, format: (value: number) => string): string {
  return value === null ? NONE : format(value);
}
