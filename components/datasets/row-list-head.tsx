import { useTranslations } from "next-intl";
import { cn } from "@/components/ui/cn";
import type { SampleKind } from "@/lib/dataset/types";
import { ROW_GRID } from "./row-line";

const FIRST_COLUMN = { chat: "user", completion: "prompt", text: "text" } as const;

export function RowListHead({ sampleKind }: { sampleKind: SampleKind }) {
  const t = useTranslations("datasets.rows");
  return (
    <div
      aria-hidden
      className={cn(
        ROW_GRID,
        "h-8 shrink-0 border-b border-line text-small font-medium text-faint",
      )}
    >
      <span>{t("line")}</span>
      <span>{t(FIRST_COLUMN[sampleKind])}</span>
      <span>{sampleKind === "text" ? "" : t("answer")}</span>
      <span className="text-right">{t("tokens")}</span>
    </div>
  );
}
