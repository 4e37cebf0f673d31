import { Play } from "lucide-react";
import { useFormatter, useTranslations } from "next-intl";
import { Button } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import type { DraftField } from "@/lib/training/run-draft";
import type { NewRun } from "./use-new-run";
import type { Start } from "./use-start";

export interface StartButtonProps {
  start: Start;
  /** Where it is said why the button is closed. */
  reasonId: string;
  className?: string;
}

/** The one way on. */
export function StartButton({ start, reasonId, className }: StartButtonProps) {
  const t = useTranslations("newRun");
  return (
    <Button
      type="submit"
      look="primary"
      className={cn("h-[38px] text-form", className)}
      disabled={start.blocked !== null || start.isStarting}
      aria-describedby={reasonId}
    >
      <Play aria-hidden />
      {t(start.isStarting ? "starting" : "start")}
    </Button>
  );
}

/** Why the run cannot be started yet, in a sentence; empty when it can. */
export function StartReason({ run, start }: { run: NewRun; start: Start }) {
  const t = useTranslations("newRun");
  const format = useFormatter();
  if (!start.blocked) return null;
  const wrongFields = Object.keys(run.form?.problems ?? {}) as DraftField[];
  return t(`blocked.${start.blocked}`, {
    fields: format.list(wrongFields.map((field) => t(field))),
  });
}
