import { useMutation } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { ErrorNote } from "@/components/ui/error-note";
import { removeRunMutation } from "@/lib/query/runs";
import { forgetLiveRun } from "@/lib/stores/live-run";
import { isUnderWay } from "@/lib/stores/run-tones";
import type { RunRecord } from "@/lib/training/types";

export interface DeleteDialogProps {
  /** Null while it is closed. */
  record: RunRecord | null;
  onClose: () => void;
}

export function DeleteDialog({ record, onClose }: DeleteDialogProps) {
  const t = useTranslations("runs.deleteDialog");
  const remove = useMutation(removeRunMutation());
  const close = () => {
    remove.reset();
    onClose();
  };
  return (
    <Dialog
      open={record !== null}
      onOpenChange={(isOpen) => !isOpen && close()}
      title={record ? t("title", { name: record.config.name }) : ""}
      description={record ? t("text", { checkpoints: record.checkpoints.length }) : undefined}
    >
      {record && isUnderWay(record.status) && <p className="mt-2 text-muted">{t("running")}</p>}
      {remove.isError && <ErrorNote error={remove.error} className="mt-3" />}
      <div className="mt-4 flex justify-end gap-2">
        <Button onClick={close}>{t("keep")}</Button>
        <Button
          look="danger"
          disabled={remove.isPending}
          onClick={() =>
            record &&
            remove.mutate(record.key, {
              onSuccess: () => {
                forgetLiveRun(record.key);
                close();
              },
            })
          }
        >
          {t("delete")}
        </Button>
      </div>
    </Dialog>
  );
}
