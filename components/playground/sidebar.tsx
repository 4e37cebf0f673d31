import { ChevronDown } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { cn } from "@/components/ui/cn";
import { labelOf } from "./desk-state";
import { ModelPicker } from "./model-picker";
import { SamplingForm } from "./sampling-form";
import { SystemPrompt } from "./system-prompt";
import type { Desk } from "./use-desk";

/** Models and settings; folded away where the screen is narrow. */
export function Sidebar({
  desk,
  panel,
  onPanel,
}: {
  desk: Desk;
  panel: number;
  onPanel: (panel: number) => void;
}) {
  const t = useTranslations("playground");
  const [isOpen, setIsOpen] = useState(false);
  const { models, settings } = desk.state;
  return (
    <section
      aria-label={t("settings")}
      className="flex min-h-0 min-w-0 flex-col border-line max-[899px]:max-h-[60dvh] max-[899px]:border-b min-[900px]:border-r"
    >
      <button
        type="button"
        aria-expanded={isOpen}
        aria-controls="playground-settings"
        onClick={() => setIsOpen(!isOpen)}
        className="flex h-10 shrink-0 items-center gap-2.5 px-3.5 -outline-offset-2 min-[900px]:hidden"
      >
        <b className="font-semibold">{t("settings")}</b>
        <span className="min-w-0 flex-1 truncate text-left text-faint">
          {models.map(labelOf).join(", ")}, {t("temperatureShort", { value: settings.temperature })}
        </span>
        <ChevronDown aria-hidden className={cn("size-3.5 text-faint", isOpen && "rotate-180")} />
      </button>
      <div
        id="playground-settings"
        className={cn(
          "min-h-0 flex-1 divide-y divide-line overflow-y-auto *:flex *:flex-col *:gap-2.5 *:px-4 *:py-3.5",
          !isOpen && "max-[899px]:hidden",
        )}
      >
        <ModelPicker desk={desk} panel={panel} onPanel={onPanel} />
        {desk.state.mode === "chat" && <SystemPrompt desk={desk} />}
        <SamplingForm desk={desk} />
      </div>
    </section>
  );
}
