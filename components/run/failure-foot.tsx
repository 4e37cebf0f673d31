import { RotateCcw } from "lucide-react";
import { useTranslations } from "next-intl";
import { Button } from "@/components/ui/button";
import { ErrorNote } from "@/components/ui/error-note";
import type { RunRecord } from "@/lib/training/types";
import { OtherServerFoot } from "./other-server-foot";
import type { RunCommands } from "./use-run-commands";

/** Why the run ended, and the way on where going on alone would fail again. */
export function FailureFoot({ record, commands }: { record: RunRecord; commands: RunCommands }) {
  const t = useTranslations("run.failure");
  const isOptimizerRefused = record.error?.details?.["reason"] === "optimizer_state";
  return (
    <div className="mt-auto flex flex-col gap-2 border-t border-line pt-2.5">
      <ErrorNote error={record.error} />
      {isOptimizerRefused && (
        <div className="flex flex-wrap items-center gap-3 text-muted">
          <p className="min-w-0 flex-1 basis-72">{t("optimizer")}</p>
          <Button
            disabled={!commands.isRightServer || commands.pending !== null}
            onClick={commands.resume}
          >
            <RotateCcw />
            {t("weightsOnly")}
          </Button>
        </div>
      )}
      {commands.isRightServer === false && <OtherServerFoot serverId={record.serverId} />}
    </div>
  );
}
