import { useTranslations } from "next-intl";
import { Dialog } from "@/components/ui/dialog";
import { cn } from "@/components/ui/cn";
import { formatDuration } from "@/lib/base/format";
import type { LiveRun } from "@/lib/stores/live-run-updates";
import { msPerStep } from "./pace";
import type { RunCurves } from "./run-curves";

export interface StopDialogProps {
  run: LiveRun;
  curves: RunCurves;
  open: boolean;
  onOpenChange: (open: boolean) => void;
  onStop: (save: boolean) => void;
}

/** The three ways out, each with what it costs. */
export function StopDialog({ run, curves, open, onOpenChange, onStop }: StopDialogProps) {
  const t = useTranslations("run.stopDialog");
  const { step, plan, config, checkpoints } = run.record;
  const pace = msPerStep(curves.steps, curves.axis.gaps);
  const saved = checkpoints.at(-1)?.nextStep ?? 0;
  const end = (save: boolean) => {
    onOpenChange(false);
    onStop(save);
  };
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={t("title", { name: config.name, step, total: plan.totalSteps })}
    >
      <div className="mt-3 flex flex-col gap-2">
        <Choice
          title={t("keep")}
          about={
            pace === null
              ? t("keepAboutUnknown")
              : t("keepAbout", { time: formatDuration((plan.totalSteps - step) * pace) })
          }
          onClick={() => onOpenChange(false)}
        />
        <Choice
          title={t("save")}
          about={t("saveAbout", { step })}
          className="border-accent bg-accent-soft"
          onClick={() => end(true)}
        />
        <Choice
          title={t("discard")}
          about={t("discardAbout", {
            lost: Math.max(0, step - saved),
            saved,
            checkpoints: checkpoints.length,
          })}
          className="[&>b]:text-bad"
          onClick={() => end(false)}
        />
      </div>
    </Dialog>
  );
}

interface ChoiceProps {
  title: string;
  about: string;
  className?: string;
  onClick: () => void;
}

function Choice({ title, about, className, onClick }: ChoiceProps) {
  return (
    <button
      type="button"
      onClick={onClick}
      className={cn(
        "rounded-control border px-3 py-2.5 text-left hover:border-accent",
        className ?? "border-line-strong",
      )}
    >
      <b className="block font-semibold">{title}</b>
      <span className="block text-muted num">{about}</span>
    </button>
  );
}
