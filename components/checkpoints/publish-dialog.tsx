"use client";

import { useTranslations } from "next-intl";
import { Dialog } from "@/components/ui/dialog";
import { Note } from "@/components/ui/note";
import { Skeleton } from "@/components/ui/page";
import type { CheckpointItem } from "./checkpoint-item";
import { PublishProgress } from "./publish-progress";
import { PublishReview } from "./publish-review";
import { PublishToken } from "./publish-token";
import { usePublish } from "./use-publish";

interface PublishDialogProps {
  /** Null while it is looked for, and when the server does not have it. */
  item: CheckpointItem | null;
  isLooking: boolean;
  onClose: () => void;
}

export function PublishDialog({ item, isLooking, onClose }: PublishDialogProps) {
  const t = useTranslations();
  return (
    <Dialog
      open
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title={t("publish.title")}
      description={
        item ? t("publish.what", { run: item.runName, checkpoint: item.name }) : undefined
      }
      className="max-w-[560px]"
    >
      <div className="mt-4 flex flex-col gap-4">
        {item ? (
          <Steps key={item.path} item={item} onClose={onClose} />
        ) : isLooking ? (
          <StepsSkeleton />
        ) : (
          <Note tone="warn">{t("publish.gone")}</Note>
        )}
      </div>
    </Dialog>
  );
}

function Steps({ item, onClose }: { item: CheckpointItem; onClose: () => void }) {
  const publish = usePublish(item);
  const { account, canPublish, job } = publish;
  if (job) return <PublishProgress item={item} publish={publish} job={job} onClose={onClose} />;
  if (account.isPending) return <StepsSkeleton />;
  if (!canPublish) return <PublishToken account={account} />;
  return <PublishReview item={item} publish={publish} />;
}

function StepsSkeleton() {
  return (
    <>
      <Skeleton className="h-5 w-2/3" />
      <Skeleton className="h-28" />
      <Skeleton className="h-8" />
    </>
  );
}
