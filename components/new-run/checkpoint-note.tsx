import { useTranslations } from "next-intl";
import { Button } from "@/components/ui/button";
import { ErrorNote } from "@/components/ui/error-note";
import { Note } from "@/components/ui/note";
import type { NewRun } from "./use-new-run";

/** That the run goes on from a checkpoint, and the way out of it. */
export function CheckpointNote({ run }: { run: NewRun }) {
  const t = useTranslations("newRun.from");
  const lack = useTranslations("features.lacks");
  const { from, isPathGood, checkpoint, lacks, choose } = run;
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
  if (lacks("load")) {
    return (
      <Note tone="warn" actions={leave} className="mb-5">
        {lack("load")}
      </Note>
    );
  }
  const isWeightsOnly = lacks("load_optimizer");
  return (
    <Note actions={leave} className="mb-5">
      <p className="font-[550]">{t(isWeightsOnly ? "titleWeights" : "title")}</p>
      {isWeightsOnly && <p>{lack("load_optimizer")}</p>}
      <p className="text-small text-muted">{t("path", { path: from })}</p>
    </Note>
  );
}
