import { Play } from "lucide-react";
import { useFormatter, useTranslations } from "next-intl";
import { useId } from "react";
import { Button } from "@/components/ui/button";
import type { DraftField } from "@/lib/stores/run-draft";
import type { NewRun } from "./use-new-run";
import type { Start } from "./use-start";

/** The one way on; says why it is closed. */
export function StartButton({ run, start }: { run: NewRun; start: Start }) {
  const t = useTranslations("newRun");
  const format = useFormatter();
  const reasonId = useId();
  const { blocked, isStarting } = start;
  const wrongFields = Object.keys(run.form?.problems ?? {}) as DraftField[];
  return (
    <>
      <Button
        type="submit"
        look="primary"
        className="h-[38px] w-full text-form max-sm:w-auto"
        disabled={blocked !== null || isStarting}
        aria-describedby={reasonId}
      >
        <Play aria-hidden />
        {t(isStarting ? "starting" : "start")}
      </Button>
      <p
        id={reasonId}
        role="status"
        className="mt-2 min-h-4 text-center text-small text-faint max-sm:hidden"
      >
        {blocked &&
          t(`blocked.${blocked}`, {
            fields: format.list(wrongFields.map((field) => t(field))),
          })}
      </p>
    </>
  );
}
