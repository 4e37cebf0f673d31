"use client";

import { Check, X } from "lucide-react";
import { useTranslations } from "next-intl";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Note } from "@/components/ui/note";
import { formatBytes } from "@/lib/base/format";
import { sumOfSizes, type CheckpointItem } from "./checkpoint-item";
import { useDeleteCheckpoints } from "./use-delete-checkpoints";

/** Names what goes and what is lost with it; afterwards, what could not be deleted and why. */
export function DeleteDialog({ items, onClose }: { items: CheckpointItem[]; onClose: () => void }) {
  const t = useTranslations();
  const { outcome, isDeleting, deleteAll } = useDeleteCheckpoints();
  const { deleted, failed } = outcome;
  const sizeBytes = sumOfSizes(items);
  const remaining = items.length - deleted.size;
  const confirm = async () => {
    if (await deleteAll(items)) onClose();
  };
  return (
    <Dialog
      open
      onOpenChange={(isOpen) => !isOpen && !isDeleting && onClose()}
      title={t("checkpoints.remove.title", { count: items.length })}
      description={
        sizeBytes === null
          ? t("checkpoints.remove.lost")
          : t("checkpoints.remove.lostSize", { size: formatBytes(sizeBytes) })
      }
    >
      <ul className="mt-3 max-h-60 overflow-y-auto rounded-control border border-line" tabIndex={0}>
        {items.map((item) => (
          <li
            key={item.key}
            className="flex items-start gap-2 border-b border-line px-3 py-2 last:border-b-0"
          >
            {deleted.has(item.key) && <Check aria-hidden className="mt-0.5 size-4 text-ok" />}
            {failed.has(item.key) && <X aria-hidden className="mt-0.5 size-4 text-bad" />}
            <span className="min-w-0 flex-1 [overflow-wrap:anywhere]">
              <b className="font-[550]">{item.name}</b>{" "}
              <span className="text-muted">{item.runName}</span>
              <Outcome error={failed.get(item.key)} isDeleted={deleted.has(item.key)} />
            </span>
            {item.sizeBytes ? (
              <span className="text-muted num">{formatBytes(item.sizeBytes)}</span>
            ) : null}
          </li>
        ))}
      </ul>
      {items.some(({ isResumePoint }) => isResumePoint) && (
        <Note tone="warn" className="mt-3">
          {t("checkpoints.remove.resumePoint")}
        </Note>
      )}
      <div className="mt-4 flex justify-end gap-2">
        <Button onClick={onClose} disabled={isDeleting}>
          {t(failed.size > 0 ? "common.close" : "common.cancel")}
        </Button>
        <Button look="danger" disabled={isDeleting} onClick={() => void confirm()}>
          {isDeleting
            ? t("checkpoints.remove.busy", { done: deleted.size, count: items.length })
            : failed.size > 0
              ? t("checkpoints.remove.again", { count: remaining })
              : t("checkpoints.remove.confirm", { count: items.length })}
        </Button>
      </div>
    </Dialog>
  );
}

function Outcome({
  error,
  isDeleted,
}: {
  error: { code: string; message: string } | undefined;
  isDeleted: boolean;
}) {
  const t = useTranslations("checkpoints.remove");
  if (isDeleted) return <span className="block text-small text-ok">{t("deleted")}</span>;
  if (!error) return null;
  return (
    <span role="alert" className="block text-small text-bad">
      {t("failed", { reason: error.message })}
    </span>
  );
}
