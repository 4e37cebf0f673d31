import { useTranslations } from "next-intl";
import { Progress } from "@/components/ui/progress";
import { formatBytes } from "@/lib/base/format";
import type { HubImport } from "./use-hub-import";

/** How many of the rows are there. */
export function HubProgress({ form: { address, rows, slice, progress } }: { form: HubImport }) {
  const t = useTranslations("datasets");
  const label = slice ? t("importing", { name: slice.name }) : t("hub.reading", { address });
  const wanted = Number(rows);
  return (
    <div className="flex flex-col gap-1.5">
      <Progress label={label} value={(progress?.rows ?? 0) / wanted} />
      <p className="text-small text-muted num" role="status">
        {progress
          ? t("hub.progress", {
              ...{ rows: progress.rows, wanted },
              done: formatBytes(progress.doneBytes),
            })
          : label}
      </p>
    </div>
  );
}
