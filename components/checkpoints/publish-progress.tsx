import { useTranslations } from "next-intl";
import { Button } from "@/components/ui/button";
import { Dot } from "@/components/ui/tag";
import { formatDuration } from "@/lib/base/format";
import { useNow } from "@/components/ui/use-now";
import { forgetPublishJob, type PublishJob } from "@/lib/stores/publish-jobs";
import type { CheckpointItem } from "./checkpoint-item";
import { PublishDone } from "./publish-done";
import { PublishFailure } from "./publish-failure";
import type { PublishState } from "./use-publish";

const STEPS = ["uploading", "verifying", "done"] as const;

/** What the upload does now and for how long; the server reports no share, so none is shown. */
export function PublishProgress({
  item,
  publish,
  job,
  onClose,
}: {
  item: CheckpointItem;
  publish: PublishState;
  job: PublishJob;
  onClose: () => void;
}) {
  const t = useTranslations("publish");
  const now = useNow(1000);
  const elapsed = formatDuration((job.endedAt ?? now) - job.startedAt);
  const reached = STEPS.findIndex(
    (step) => step === (job.phase === "cut" ? "uploading" : job.phase),
  );
  return (
    <>
      {job.phase !== "failed" && (
        <ol className="flex flex-col gap-1.5" aria-label={t("steps")}>
          {STEPS.map((step, index) => (
            <li
              key={step}
              aria-current={index === reached ? "step" : undefined}
              className={index > reached ? "text-faint" : undefined}
            >
              <Dot
                tone={
                  index < reached || job.phase === "done"
                    ? "ok"
                    : index === reached
                      ? "accent"
                      : "plain"
                }
                className="mr-2.5"
              />
              {t(`step.${step}`)}
            </li>
          ))}
        </ol>
      )}
      <p className="text-muted num" role="status">
        {job.phase === "cut" && `${t("cut")} `}
        {t(`state.${job.phase}`, { time: elapsed })}
      </p>
      {(job.phase === "uploading" || job.phase === "verifying" || job.phase === "cut") && (
        <div className="flex items-center justify-between gap-3">
          <p className="text-small text-faint">{t("mayClose")}</p>
          <Button onClick={onClose}>{t("close")}</Button>
        </div>
      )}
      {job.phase === "done" && <PublishDone job={job} onClose={onClose} />}
      {job.phase === "failed" && (
        <PublishFailure
          job={job}
          isAccountFine={publish.canPublish}
          onRetry={() => void publish.publish(job.modelId)}
          onBack={() => forgetPublishJob(item.path)}
        />
      )}
    </>
  );
}
