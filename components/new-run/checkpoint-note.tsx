import { useTranslations } from "next-intl";
import { Button } from "@/components/ui/button";
import { ErrorNote } from "@/components/ui/error-note";
import { Note } from "@/components/ui/note";
import type { NewRun } from "./use-new-run";

/** That the run goes on from a checkpoint, and the way out of it. */
export function CheckpointNote({ run }: { run: NewRun }) {
  const t = useTranslations("newRun.from");
  const { from, isPathGood, checkpoint, choose } = run;
  if (from === null) return null;
  const leave = (
    <Button size="small" onClick={() => choose({ from: null })}>
      {t("drop")}
    </Button>
  );
  if (!isPathGood) {
    return (
      <Note tone="bad" actions={leave} className="mb-5">
        {t("badPath", { path: from })}
      </Note>
    );
  }
  if (checkpoint.error) {
    return <ErrorNote error={checkpoint.error} actions={leave} className="mb-5" />;
  }
  return (
    <Note actions={leave} className="mb-5">
      <p className="font-[550]">{t("title")}</p>
      <p className="text-small text-muted">{t("path", { path: from })}</p>
    </Note>
  );
}
