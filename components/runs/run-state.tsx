import {
  Check,
  CircleSlash,
  Clock,
  Pause,
  Square,
  TriangleAlert,
  type LucideIcon,
} from "lucide-react";
import { useFormatter, useTranslations } from "next-intl";
import { cn } from "@/components/ui/cn";
import { Dot } from "@/components/ui/tag";
import { isUnderWay, RUN_TONES } from "@/lib/stores/run-tones";
import type { RunRecord, RunStatus } from "@/lib/training/types";

const ICONS: Partial<Record<RunStatus, LucideIcon>> = {
  waiting: Clock,
  paused: Pause,
  interrupted: CircleSlash,
  stopped: Square,
  done: Check,
  failed: TriangleAlert,
};

const INKS = {
  accent: "font-[550] text-accent-text",
  warn: "font-[550] text-warn",
  plain: "text-muted",
  ok: "text-muted [&_svg]:text-ok",
  bad: "font-[550] text-bad",
} as const;

/** The state as an icon and a word, with the progress while it is under way. */
export function RunState({ record: { status, step, plan } }: { record: RunRecord }) {
  const t = useTranslations();
  const format = useFormatter();
  const Icon = ICONS[status];
  const word = t(`run.status.${status}`);
  const percent = format.number(Math.floor((100 * step) / plan.totalSteps) / 100, {
    style: "percent",
  });
  return (
    <span className={cn("inline-flex shrink-0 items-center gap-1.5 num", INKS[RUN_TONES[status]])}>
      {Icon ? <Icon aria-hidden className="size-3.5" /> : <Dot tone="accent" />}
      {isUnderWay(status) ? t("runs.trainingPercent", { status: word, percent }) : word}
    </span>
  );
}
