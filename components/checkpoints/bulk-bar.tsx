import { Trash2, X } from "lucide-react";
import { useTranslations } from "next-intl";
import { Button } from "@/components/ui/button";
import { useLacks } from "@/lib/query/server-features";
import { formatBytes } from "@/lib/base/format";
import { sumOfSizes, type CheckpointItem } from "./checkpoint-item";

const MOST_NAMES = 3;

/** What can be done with all that is selected. */
export function BulkBar({
  items,
  onDelete,
  onClear,
}: {
  items: CheckpointItem[];
  onDelete: () => void;
  onClear: () => void;
}) {
  const t = useTranslations("checkpoints");
  const lacks = useTranslations("features.lacks");
  const cannotDelete = useLacks()("delete");
  const sizeBytes = sumOfSizes(items);
  const names = items.slice(0, MOST_NAMES).map(({ name }) => name);
  const more = items.length > MOST_NAMES ? " …" : "";
  return (
    <>
      <div className="h-20" />
      <section
        aria-label={t("selection")}
        className="sticky bottom-4 z-10 mx-auto -mt-14 flex w-fit max-w-full flex-wrap items-center gap-2.5 rounded-card border border-line bg-raised py-2 pr-2 pl-3.5 shadow-float"
      >
        <b className="font-semibold num" role="status">
          {t("selected", { count: items.length })}
        </b>
        <span className="min-w-0 flex-1 basis-40 truncate text-muted num">
          {cannotDelete ? lacks("delete") : `${names.join(", ")}${more}`}
        </span>
        <Button
          look="danger"
          className="max-sm:order-last max-sm:w-full"
          disabled={cannotDelete}
          onClick={onDelete}
        >
          <Trash2 />
          {sizeBytes === null
            ? t("deleteMany", { count: items.length })
            : t("deleteManyFree", { count: items.length, size: formatBytes(sizeBytes) })}
        </Button>
        <Button look="ghost" square aria-label={t("clearSelection")} onClick={onClear}>
          <X />
        </Button>
      </section>
    </>
  );
}
