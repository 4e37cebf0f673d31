import dynamic from "next/dynamic";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Dot, Tag } from "@/components/ui/tag";
import { formatLearningRate } from "@/lib/base/format";
import type { LiveRun } from "@/lib/stores/live-run-updates";
import { RUN_TONES } from "@/lib/stores/run-tones";
import { RunActions } from "./run-actions";
import type { RunCurves } from "./run-curves";
import type { RunDialogKind } from "./run-dialog";
import type { RunCommands } from "./use-run-commands";

const RunDialog = dynamic(() => import("./run-dialog").then(({ RunDialog }) => RunDialog));

const LINK = "rounded-control font-[550] text-accent-text hover:underline";

export interface RunHeadProps {
  run: LiveRun;
  curves: RunCurves;
  commands: RunCommands;
}

export function RunHead({ run, curves, commands }: RunHeadProps) {
  const t = useTranslations("run");
  const [shown, setShown] = useState<RunDialogKind | null>(null);
  const { config, plan, status } = run.record;
  const tone = RUN_TONES[status];
  return (
    <div className="mb-3.5 flex flex-wrap items-center gap-x-4 gap-y-2.5">
      <div className="min-w-0 flex-1 basis-96">
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <h1 className="[overflow-wrap:anywhere]">{config.name}</h1>
          <Tag
            tone={tone}
            role="status"
            data-testid="run-status"
            className="h-6 gap-2 rounded-full px-2.5 text-small"
          >
            <Dot tone={tone} />
            {t(`status.${status}`)}
          </Tag>
        </div>
        <p className="[overflow-wrap:anywhere] text-muted num">
          {t("summary", {
            model: config.baseModel,
            rank: config.loraRank,
            dataset: config.datasetName,
            rows: plan.trainRowCount,
            batch: config.batchSize,
            rate: formatLearningRate(config.learningRate),
            schedule: t(`schedule.${config.schedule}`),
          })}{" "}
          <span className="whitespace-nowrap">
            <button type="button" className={LINK} onClick={() => setShown("settings")}>
              {t("settings")}
            </button>
            {" · "}
            <button type="button" className={LINK} onClick={() => setShown("code")}>
              {t("code.open")}
            </button>
          </span>
        </p>
      </div>
      <RunActions run={run} curves={curves} commands={commands} />
      {shown && <RunDialog kind={shown} record={run.record} onClose={() => setShown(null)} />}
    </div>
  );
}
