import { ChevronDown } from "lucide-react";
import { useTranslations } from "next-intl";
import { cn } from "@/components/ui/cn";
import { Skeleton } from "@/components/ui/page";
import { formatLoss } from "@/lib/base/format";
import { ModelButton, type Pick } from "./model-button";
import type { ModelGroup } from "./use-model-groups";

/** The checkpoints of one run. */
export function ModelGroupList({
  group,
  onToggle,
  ...pick
}: Pick & { group: ModelGroup; onToggle: () => void }) {
  const t = useTranslations("playground");
  const { name, rank, isOpen, isPending, isError, options } = group;
  return (
    <>
      <h3>
        <button
          type="button"
          aria-expanded={isOpen}
          onClick={onToggle}
          className="flex h-7 w-full min-w-0 items-center gap-2 rounded-control px-2 text-left text-small font-medium text-muted -outline-offset-2 hover:bg-hover"
        >
          <ChevronDown
            aria-hidden
            className={cn("size-3 shrink-0 text-faint", !isOpen && "-rotate-90")}
          />
          <span className="min-w-0 flex-1 truncate">{name}</span>
          {rank !== null && <span className="text-faint num">{t("rank", { rank })}</span>}
        </button>
      </h3>
      {isOpen &&
        (options.length > 0 ? (
          <ul>
            {options.map(({ model, loss }) => (
              <ModelButton
                key={model.path}
                model={model}
                label={model.checkpointName ?? ""}
                end={loss === null ? undefined : formatLoss(loss)}
                {...pick}
              />
            ))}
          </ul>
        ) : isPending ? (
          <Skeleton className="mx-2 h-5" />
        ) : (
          <p className="px-2 pb-1 pl-7 text-small text-faint">
            {t(isError ? "checkpointsFailed" : "noCheckpoints")}
          </p>
        ))}
    </>
  );
}
