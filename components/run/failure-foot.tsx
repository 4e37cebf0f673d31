import { useTranslations } from "next-intl";
import { ErrorNote } from "@/components/ui/error-note";
import type { RunRecord } from "@/lib/training/types";
import { OtherServerFoot } from "./other-server-foot";
import type { RunCommands } from "./use-run-commands";

/** Why the run ended, and what going on would do where it is not what one expects. */
export function FailureFoot({ record, commands }: { record: RunRecord; commands: RunCommands }) {
  const t = useTranslations("run.failure");
  const isOptimizerRefused = record.error?.details?.["reason"] === "optimizer_state";
  return (
    <div className="mt-auto flex flex-col gap-2 border-t border-line pt-2.5">
      <ErrorNote error={record.error} />
      {isOptimizerRefused && <p className="text-muted">{t("optimizer")}</p>}
      {commands.isRightServer === false && <OtherServerFoot serverId={record.serverId} />}
    </div>
  );
}
