import { useTranslations } from "next-intl";
import { Button } from "@/components/ui/button";
import { Progress } from "@/components/ui/progress";
import { formatBytes } from "@/lib/base/format";
import type { Progress as Done } from "@/lib/workers/hosts";

export function ImportProgress({
  name,
  progress,
  onCancel,
}: {
  name: string;
  progress: Done;
  onCancel: () => void;
}) {
  const t = useTranslations();
  const title = t("datasets.importing", { name });
  return (
    <div className="flex flex-col gap-2">
      <div className="flex items-center gap-3">
        <h2 className="min-w-0 flex-1 truncate">{title}</h2>
        <Button size="small" onClick={onCancel}>
          {t("common.cancel")}
        </Button>
      </div>
      <Progress
        label={title}
        value={progress.totalBytes > 0 ? progress.doneBytes / progress.totalBytes : 0}
      />
      <p className="text-muted num">
        {t("datasets.importProgress", {
          done: formatBytes(progress.doneBytes),
          total: formatBytes(progress.totalBytes),
          rows: progress.rows,
        })}
      </p>
    </div>
  );
}
