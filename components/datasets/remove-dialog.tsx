"use client";

import { useMutation } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { ErrorNote } from "@/components/ui/error-note";
import { formatBytes } from "@/lib/base/format";
import { removeDatasetMutation } from "@/lib/query/datasets";
import type { DatasetRecord } from "@/lib/storage/types";

/** Says what is lost with a dataset before it goes. */
export function RemoveDialog({
  dataset,
  onClose,
}: {
  dataset: DatasetRecord | null;
  onClose: () => void;
}) {
  const t = useTranslations();
  const { mutate, isPending, error, reset } = useMutation(removeDatasetMutation());
  const close = () => {
    reset();
    onClose();
  };
  if (!dataset) return null;
  return (
    <Dialog
      open
      onOpenChange={close}
      title={t("datasets.remove.title", { name: dataset.name })}
      description={t("datasets.remove.lost", {
        rows: dataset.rowCount,
        size: formatBytes(dataset.sizeBytes),
      })}
    >
      <p className="mt-2 text-muted">{t("datasets.remove.kept")}</p>
      {error && <ErrorNote error={error} className="mt-3" />}
      <div className="mt-4 flex justify-end gap-2">
        <Button onClick={close}>{t("common.cancel")}</Button>
        <Button
          look="danger"
          disabled={isPending}
          onClick={() => mutate(dataset.id, { onSuccess: close })}
        >
          {t("datasets.remove.confirm")}
        </Button>
      </div>
    </Dialog>
  );
}
