import { CircleCheck, Columns2, MessageSquare, Upload } from "lucide-react";
import { useTranslations } from "next-intl";
import { ButtonLink } from "@/components/ui/button-link";
import { formatDuration } from "@/lib/base/format";
import { paths } from "@/lib/config/paths";
import type { RunRecord } from "@/lib/training/types";
import { FootLine } from "./foot-line";

const PART = "max-sm:flex-1";

/** What a finished run is for. */
export function FinishedFoot({ record, elapsedMs }: { record: RunRecord; elapsedMs: number }) {
  const t = useTranslations("run");
  const path = record.checkpoints.at(-1)?.path;
  const model = record.config.baseModel;
  return (
    <FootLine icon={CircleCheck} tone="ok">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <span className="mr-auto num max-sm:w-full">
          {t("foot.done", { steps: record.step, time: formatDuration(elapsedMs) })}
        </span>
        {path && (
          <>
            <ButtonLink
              look="ghost"
              className={PART}
              href={paths.playground({ path, model, compare: model })}
            >
              <Columns2 />
              {t("finished.compare")}
            </ButtonLink>
            <ButtonLink className={PART} href={paths.checkpoints({ publish: path })}>
              <Upload />
              {t("finished.publish")}
            </ButtonLink>
            <ButtonLink look="primary" className={PART} href={paths.playground({ path, model })}>
              <MessageSquare />
              {t("finished.chat")}
            </ButtonLink>
          </>
        )}
      </div>
    </FootLine>
  );
}
