import { ChevronDown } from "lucide-react";
import { useTranslations } from "next-intl";
import { Button } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { ErrorNote } from "@/components/ui/error-note";
import { Skeleton } from "@/components/ui/page";
import { TimeAgo } from "@/components/ui/time-ago";
import { formatBytes } from "@/lib/base/format";
import { timeOf, type CheckpointGroup } from "./checkpoint-item";

const COLUMNS = 9;

/** The run above its checkpoints, and what stands in their place while there are none. */
export function RunHeader({ group, onToggle }: { group: CheckpointGroup; onToggle: () => void }) {
  const t = useTranslations("checkpoints");
  const { run, name, isOpen, count, sizeBytes } = group;
  const lastUsedAt = timeOf(run.lastRequestTime);
  const facts = [
    run.baseModel,
    run.loraRank !== null && t("rank", { rank: run.loraRank }),
    count !== null && t("count", { count }),
    sizeBytes !== null && formatBytes(sizeBytes),
  ].filter(Boolean);
  return (
    <>
      <tr className="@max-[980px]:block">
        <th
          scope="rowgroup"
          colSpan={COLUMNS}
          className="border-y border-line bg-sunken p-0 text-left font-normal @max-[980px]:block"
        >
          <button
            type="button"
            aria-expanded={isOpen}
            onClick={onToggle}
            className="flex min-h-12 w-full min-w-0 items-center gap-2.5 px-3.5 py-1.5 text-left -outline-offset-2 hover:bg-hover"
          >
            <ChevronDown
              aria-hidden
              className={cn("size-3.5 shrink-0 text-faint", !isOpen && "-rotate-90")}
            />
            <span className="flex min-w-0 flex-1 flex-col gap-x-2.5 @min-[981px]:flex-row @min-[981px]:items-baseline">
              <b className="truncate font-semibold">{name}</b>
              <span className="truncate text-muted num @max-[980px]:text-small">
                {facts.join(" · ")}
              </span>
            </span>
            {lastUsedAt !== null && (
              <TimeAgo
                at={lastUsedAt}
                className="shrink-0 text-small text-faint @max-[560px]:hidden"
              />
            )}
          </button>
        </th>
      </tr>
      {isOpen && <Instead group={group} />}
    </>
  );
}

function Instead({ group: { error, isPending, items, refetch } }: { group: CheckpointGroup }) {
  const t = useTranslations("checkpoints");
  if (items.length > 0) return null;
  return (
    <tr className="@max-[980px]:block">
      <td colSpan={COLUMNS} className="px-3.5 py-2.5 @max-[980px]:block">
        {isPending ? (
          <Skeleton className="h-4 w-1/2" />
        ) : error ? (
          <ErrorNote
            error={error}
            actions={
              <Button size="small" onClick={refetch}>
                {t("reload")}
              </Button>
            }
          />
        ) : (
          <span className="text-faint">{t("emptyRun")}</span>
        )}
      </td>
    </tr>
  );
}
