import { Clock, Eye, Lock, Pause, Square, SquareTerminal, TriangleAlert } from "lucide-react";
import { useTranslations } from "next-intl";
import { ErrorNote } from "@/components/ui/error-note";
import { formatDuration } from "@/lib/base/format";
import type { LiveRun } from "@/lib/stores/live-run-updates";
import { isUnderWay } from "@/lib/stores/run-tones";
import type { RunRecord } from "@/lib/training/types";
import { FailureFoot } from "./failure-foot";
import { FinishedFoot } from "./finished-foot";
import { FootLine } from "./foot-line";
import { OtherServerFoot } from "./other-server-foot";
import type { RunCommands } from "./use-run-commands";

export interface RunFootProps {
  run: LiveRun;
  commands: RunCommands;
  elapsedMs: number;
  now: number;
}

/** What the reader should know now: what closing the tab does, what the run waits for, or how it can go on. */
export function RunFoot({ run, commands, elapsedMs, now }: RunFootProps) {
  const t = useTranslations("run.foot");
  const { record } = run;
  const { status, step } = record;
  const saved = record.checkpoints.at(-1)?.nextStep;
  const isSaved = saved !== undefined;

  if (run.isFromCommandLine && status !== "done") return <CommandFoot record={record} />;
  if (record.error && !isUnderWay(status))
    return <FailureFoot record={record} commands={commands} />;
  if (status === "done") return <FinishedFoot record={record} elapsedMs={elapsedMs} />;
  if (!isUnderWay(status) && commands.isRightServer === false)
    return <OtherServerFoot serverId={record.serverId} />;
  if (status === "waiting") return <WaitingFoot run={run} now={now} />;
  if (isUnderWay(status)) {
    if (!run.isDriver) return <FootLine icon={Eye}>{t("follower")}</FootLine>;
    return (
      <FootLine icon={Lock}>
        {isSaved ? t("driverSaved", { step: saved }) : t("driverUnsaved")}
      </FootLine>
    );
  }
  switch (status) {
    case "paused":
      return (
        <FootLine icon={Pause}>
          {isSaved ? t("paused", { step: saved }) : t("pausedAtStart")}
        </FootLine>
      );
    case "stopped":
      return (
        <FootLine icon={Square}>
          {isSaved ? t("stopped", { step, saved }) : t("stoppedAtStart")}
        </FootLine>
      );
    default:
      return (
        <FootLine icon={TriangleAlert} tone="warn">
          {isSaved ? t("interrupted", { step: saved }) : t("interruptedAtStart")}
        </FootLine>
      );
  }
}

/** A run that other hands than this page's drive. */
function CommandFoot({ record }: { record: RunRecord }) {
  const t = useTranslations("run.foot");
  const saved = record.checkpoints.at(-1)?.nextStep;
  if (isUnderWay(record.status))
    return <FootLine icon={SquareTerminal}>{t("commandDriven")}</FootLine>;
  return (
    <FootLine icon={SquareTerminal} tone="warn">
      {record.error && <ErrorNote error={record.error} className="mb-2" />}
      {saved === undefined ? t("commandRestsAtStart") : t("commandRests", { step: saved })}
    </FootLine>
  );
}

function WaitingFoot({ run: { activity }, now }: { run: LiveRun; now: number }) {
  const t = useTranslations("run.waiting");
  const { code, reason, since } = activity;
  const isConnected =
    code === "server_busy" ||
    code === "no_free_slot" ||
    code === "adapters_lost" ||
    code === "model_absent";
  const sentence = t(isConnected ? code : "reconnecting");
  return (
    <FootLine icon={Clock} tone="warn">
      {sentence}
      {reason && (
        <span className="block [overflow-wrap:anywhere] text-faint num sm:truncate" title={reason}>
          {t("since", { time: formatDuration(now - since), reason })}
        </span>
      )}
    </FootLine>
  );
}
