import { Settings2 } from "lucide-react";
import dynamic from "next/dynamic";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { ChartTable } from "@/components/charts/chart-table";
import { LOSS_PLOT } from "@/components/charts/plot";
import { StepCursor } from "@/components/charts/step-cursor";
import { heightOf } from "@/components/charts/value-scale";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { ChartSettings } from "./chart-settings";
import { LossReadout } from "./loss-readout";
import { lossTable, readAt, readingText } from "./loss-reading";
import type { CurveSettings, RunCurves } from "./run-curves";
import { useFramesLater } from "./use-frames-later";

const LossChart = dynamic(
  () => import("@/components/charts/loss-chart").then(({ LossChart }) => LossChart),
  { ssr: false },
);

export interface Cursor {
  step: number | null;
  setStep: (step: number | null) => void;
}

export interface LossCardProps {
  curves: RunCurves;
  cursor: Cursor;
  settings: CurveSettings;
  onSettings: (settings: CurveSettings) => void;
}

export function LossCard({ curves, cursor, settings, onSettings }: LossCardProps) {
  const t = useTranslations("run.charts");
  const [isOpen, setIsOpen] = useState(false);
  const drawn = useFramesLater(curves, 1);
  const { axis, loss, steps } = curves;
  const lastStep = steps.length;
  const reading = readAt(cursor.step ?? lastStep, curves);
  const isUnknown = lastStep > 1 && curves.smoothed.every(Number.isNaN);
  return (
    <Card className="@container px-3.5 pt-2.5 pb-2">
      <div className="flex min-h-[26px] flex-wrap items-center gap-x-2.5 gap-y-0.5 max-sm:min-h-8">
        <h2>
          {t("loss")} <small className="text-small font-normal text-faint">{t("lossUnit")}</small>
        </h2>
        <LossReadout reading={reading} />
        <Button
          look="ghost"
          size="small"
          square
          className="ml-auto @[600px]:ml-0"
          aria-label={t("settings")}
          aria-expanded={isOpen}
          onClick={() => setIsOpen(!isOpen)}
        >
          <Settings2 />
        </Button>
      </div>
      {isOpen && <ChartSettings settings={settings} onSettings={onSettings} />}
      <div className="relative mt-1" style={{ height: LOSS_PLOT.height }} data-testid="loss-chart">
        {isUnknown ? (
          <p className="grid h-full place-items-center text-small text-faint">{t("unknown")}</p>
        ) : (
          <>
            <LossChart
              axis={drawn.axis}
              scale={drawn.loss.scale}
              rows={drawn.loss.rows}
              validations={drawn.validations}
              savedSteps={drawn.savedSteps}
              step={drawn.steps.length}
            />
            {reading && (
              <StepCursor
                axis={axis}
                plot={LOSS_PLOT}
                lastStep={lastStep}
                step={cursor.step}
                onStep={cursor.setStep}
                height={Number.isNaN(reading.train) ? null : heightOf(loss.scale, reading.train)}
                slider={{ label: t("cursor"), valueText: t("cursorValue", readingText(reading)) }}
              />
            )}
          </>
        )}
      </div>
      <ChartTable
        caption={t("tableLoss")}
        columns={[t("columnStep"), t("columnTrain"), t("columnRaw"), t("columnValidation")]}
        rows={lossTable(curves)}
      />
    </Card>
  );
}
