import { useTranslations } from "next-intl";
import { ButtonLink } from "@/components/ui/button-link";
import { ErrorNote } from "@/components/ui/error-note";
import { Note } from "@/components/ui/note";
import { toErrorReport } from "@/lib/base/errors";
import { paths } from "@/lib/config/paths";
import type { RunRecord } from "@/lib/training/types";

/** Why the last command failed. A run whose rows are gone cannot go on, but its weights can. */
export function CommandError({ error, record }: { error: unknown; record: RunRecord }) {
  const t = useTranslations("run.datasetGone");
  if (toErrorReport(error).code !== "dataset_invalid")
    return <ErrorNote error={error} className="mb-3" />;
  const from = record.checkpoints.at(-1)?.path;
  return (
    <Note
      tone="bad"
      className="mb-3"
      actions={from && <ButtonLink href={paths.newRun({ from })}>{t("newRun")}</ButtonLink>}
    >
      {t("text", { dataset: record.config.datasetName })}
    </Note>
  );
}
