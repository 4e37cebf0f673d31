import { Eye, Pause, Play, Save, Square, SquareTerminal } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Tag } from "@/components/ui/tag";
import { useLacks } from "@/lib/query/server-features";
import { canGoOn, isUnderWay } from "@/lib/stores/run-tones";
import type { RunHeadProps } from "./run-head";
import { StopDialog } from "./stop-dialog";

const PART = "flex-1 sm:flex-none";

/** What can be done with the run as it is now; nothing that could not be done is shown. */
export function RunActions({ run, curves, commands }: RunHeadProps) {
  const t = useTranslations("run.action");
  const lack = useTranslations("features.lacks");
  const [isStopping, setIsStopping] = useState(false);
  const { status, checkpoints } = run.record;
  const lacks = useLacks(canGoOn(status));
  const { pending } = commands;

  if (run.isFromCommandLine) {
    return (
      <Tag className="h-6 px-2">
        <SquareTerminal />
        {t("commandLine")}
      </Tag>
    );
  }
  if (canGoOn(status)) {
    if (checkpoints.length > 0 && commands.isRightServer && lacks("load"))
      return <p className="text-small text-muted">{lack("load")}</p>;
    return (
      <Button
        look="primary"
        className="w-full sm:w-auto"
        disabled={pending !== null || !commands.isRightServer}
        onClick={commands.resume}
      >
        <Play />
        {t(pending === "resume" ? "resuming" : status === "paused" ? "resume" : "continue")}
      </Button>
    );
  }
  if (!isUnderWay(status)) return null;
  if (!run.isDriver) {
    return (
      <Tag className="h-6 px-2">
        <Eye />
        {t("readOnly")}
      </Tag>
    );
  }
  const isEnding = pending === "pause" || pending === "stop";
  return (
    <div className="flex w-full gap-2 sm:w-auto">
      <Button className={PART} disabled={isEnding} onClick={commands.pause}>
        <Pause />
        {t(pending === "pause" ? "pausing" : "pause")}
      </Button>
      <Button
        className={PART}
        disabled={pending !== null || status === "preparing"}
        onClick={commands.saveNow}
      >
        <Save />
        {t(pending === "save" ? "saving" : "save")}
      </Button>
      <Button
        look="danger"
        className={PART}
        disabled={isEnding}
        onClick={() => setIsStopping(true)}
      >
        <Square />
        {t(pending === "stop" ? "stopping" : "stop")}
      </Button>
      <StopDialog
        run={run}
        curves={curves}
        open={isStopping}
        onOpenChange={setIsStopping}
        onStop={commands.stop}
      />
    </div>
  );
}
