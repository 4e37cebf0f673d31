import { useTranslations } from "next-intl";
import { Segments } from "@/components/ui/segments";
import type { Thread } from "@/lib/storage/conversation";
import { labelOf } from "./desk-state";

export const PANEL_NAMES = ["A", "B"] as const;

/** Which of two panels is in sight, where there is room for one only. */
export function PanelTabs({
  threads,
  panel,
  onPanel,
}: {
  threads: Thread[];
  panel: number;
  onPanel: (panel: number) => void;
}) {
  const t = useTranslations("playground");
  return (
    <div>
      {threads.length > 1 && (
        <Segments
          label={t("panels")}
          className="mx-3.5 mb-2 flex min-[900px]:hidden [&>button]:min-w-0 [&>button]:flex-1 [&>button]:truncate"
          value={String(panel)}
          options={threads.map(({ model }, index) => ({
            value: String(index),
            label: `${PANEL_NAMES[index] ?? ""} ${labelOf(model)}`,
          }))}
          onChange={(value) => onPanel(Number(value))}
        />
      )}
    </div>
  );
}
