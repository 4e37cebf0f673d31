import { useTranslations } from "next-intl";
import { Segments } from "@/components/ui/segments";
import type { CurveSettings } from "./run-curves";

export interface ChartSettingsProps {
  settings: CurveSettings;
  onSettings: (settings: CurveSettings) => void;
}

export function ChartSettings({ settings, onSettings }: ChartSettingsProps) {
  const t = useTranslations("run.charts");
  return (
    <div className="mt-1.5 flex flex-wrap items-center gap-x-6 gap-y-2 rounded-control bg-sunken px-3 py-2">
      <label className="flex items-center gap-2" title={t("smoothingHelp")}>
        {t("smoothing")}
        <input
          type="range"
          min={0}
          max={0.99}
          step={0.01}
          value={settings.smoothing}
          className="w-36 accent-accent"
          onChange={(event) => onSettings({ ...settings, smoothing: Number(event.target.value) })}
        />
        <output className="w-9 num">{settings.smoothing.toFixed(2)}</output>
      </label>
      <Segments
        label={t("scale")}
        value={settings.scale}
        options={[
          { value: "linear", label: t("linear") },
          { value: "log", label: t("log") },
        ]}
        onChange={(scale) => onSettings({ ...settings, scale })}
      />
    </div>
  );
}
