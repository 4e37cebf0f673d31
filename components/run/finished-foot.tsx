import { CircleCheck, Columns2, MessageSquare, Upload } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { Button } from "@/components/ui/button";
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
            <Button asChild look="ghost" className={PART}>
              <Link href={paths.playground({ path, model, compare: model })}>
                <Columns2 />
                {t("finished.compare")}
              </Link>
            </Button>
            <Button asChild className={PART}>
              <Link href={paths.checkpoints({ publish: path })}>
                <Upload />
                {t("finished.publish")}
              </Link>
            </Button>
            <Button asChild look="primary" className={PART}>
              <Link href={paths.playground({ path, model })}>
                <MessageSquare />
                {t("finished.chat")}
              </Link>
            </Button>
          </>
        )}
      </div>
    </FootLine>
  );
}
