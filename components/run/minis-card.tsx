import dynamic from "next/dynamic";
import { useTranslations } from "next-intl";
import { MINI_PLOT } from "@/components/charts/plot";
import { StepCursor } from "@/components/charts/step-cursor";
import { Card } from "@/components/ui/card";
import { formatCount, formatLearningRate } from "@/lib/base/format";
import type { Cursor } from "./loss-card";
import type { RunCurves } from "./run-curves";
import { useFramesLater } from "./use-frames-later";

const MiniChart = dynamic(
  () => import("@/components/charts/mini-chart").then(({ MiniChart }) => MiniChart),
  { ssr: false },
);

export interface MinisCardProps {
  curves: RunCurves;
  cursor: Cursor;
  clipNorm: number;
}

export function MinisCard({ curves, cursor, clipNorm }: MinisCardProps) {
  const t = useTranslations("run.charts");
  const shared = { curves, cursor };
  return (
    <Card className="grid divide-line max-sm:divide-y sm:max-lg:grid-cols-3 sm:max-lg:divide-x lg:divide-y">
      <Mini {...shared} name="rate" turn={2} title={t("rate")} format={formatLearningRate} />
      <Mini
        {...shared}
        name="norm"
        turn={3}
        title={t("norm")}
        unit={clipNorm > 0 ? t("normClip", { norm: clipNorm }) : undefined}
        format={formatNorm}
      />
      <Mini
        {...shared}
        name="speed"
        turn={4}
        title={t("speed")}
        unit={t("speedUnit")}
        format={formatCount}
      />
    </Card>
  );
}

interface MiniProps extends Omit<MinisCardProps, "clipNorm"> {
  name: "rate" | "norm" | "speed";
  /** The frame in which it is drawn, after the board's own. */
  turn: number;
  title: string;
  unit?: string | undefined;
  format: (value: number) => string;
}

function Mini({ curves, cursor, name, turn, title, unit, format }: MiniProps) {
  const { axis, steps, [name]: curve } = useFramesLater(curves, turn);
  const t = useTranslations("run.charts");
  const isUnknown = steps.length > 1 && curve.last === null;
  return (
    <section className="flex min-w-0 flex-col px-3.5 pt-2 pb-1">
      <div className="flex items-baseline gap-1.5">
        <h3 className="shrink-0">{title}</h3>
        <span className="truncate text-small text-faint num">{unit}</span>
        <b className="ml-auto font-semibold num">
          {curve.last === null ? "–" : format(curve.last)}
        </b>
      </div>
      <div className="relative" style={{ height: MINI_PLOT.height }}>
        {isUnknown ? (
          <p className="grid h-full place-items-center text-small text-faint">{t("unknown")}</p>
        ) : (
          <>
            <MiniChart axis={axis} scale={curve.scale} rows={curve.rows} formatTick={format} />
            {steps.length > 0 && (
              <StepCursor
                axis={axis}
                plot={MINI_PLOT}
                lastStep={steps.length}
                step={cursor.step}
                onStep={cursor.setStep}
              />
            )}
          </>
        )}
      </div>
    </section>
  );
}

function formatNorm(norm: number): string {
  return String(Number(norm.toPrecision(2)));
}
