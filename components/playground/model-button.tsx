import { Check } from "lucide-react";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { cn } from "@/components/ui/cn";
import type { ModelChoice } from "@/lib/storage/conversation";
import { PANEL_NAMES } from "./panel-tabs";

export interface Pick {
  /** The panels in which a model answers now. */
  panelsOf: (model: ModelChoice) => number[];
  panelCount: number;
  onPick: (model: ModelChoice) => void;
}

interface ModelButtonProps extends Pick {
  model: ModelChoice;
  label: string;
  end?: ReactNode;
}

export function ModelButton({ model, label, end, panelsOf, panelCount, onPick }: ModelButtonProps) {
  const t = useTranslations("playground");
  const panels = panelsOf(model);
  const isChosen = panels.length > 0;
  return (
    <li>
      <button
        type="button"
        aria-pressed={isChosen}
        onClick={() => onPick(model)}
        className={cn(
          "flex min-h-7 w-full min-w-0 items-center gap-2 rounded-control px-2 text-left -outline-offset-2 hover:bg-hover",
          isChosen && "font-[550]",
        )}
      >
        <span
          aria-hidden
          className={cn(
            "grid size-3.5 shrink-0 place-items-center rounded-full border [&_svg]:size-2.5 [&_svg]:stroke-[3]",
            isChosen ? "border-accent bg-accent text-on-accent" : "border-line-strong bg-surface",
          )}
        >
          {isChosen && <Check />}
        </span>
        <span className="min-w-0 flex-1 truncate" title={label}>
          {label}
        </span>
        {end && <span className="shrink-0 text-small text-faint num">{end}</span>}
        {panelCount > 1 &&
          panels.map((panel) => (
            <span
              key={panel}
              aria-label={t("inPanel", { panel: PANEL_NAMES[panel] ?? "" })}
              role="img"
              className="grid size-[18px] shrink-0 place-items-center rounded-[5px] bg-hover text-tiny font-semibold text-muted"
            >
              {PANEL_NAMES[panel]}
            </span>
          ))}
      </button>
    </li>
  );
}
