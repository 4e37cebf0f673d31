import { useFormatter, useTranslations } from "next-intl";
import { formatLearningRate } from "@/lib/base/format";
import type { RunOutlook } from "@/lib/stores/run-outlook";

/** The area that the curve is drawn in, stretched to the room there is. */
const WIDTH = 1000;
const HEIGHT = 400;

export interface LearningRateCurveProps {
  curve: RunOutlook["curve"];
  epochs: number;
  label: string;
}

export function LearningRateCurve({ curve, epochs, label }: LearningRateCurveProps) {
  const t = useTranslations("newRun.curve");
  const format = useFormatter();
  const last = curve.at(-1);
  const peak = Math.max(...curve.map(({ rate }) => rate));
  if (!last || peak <= 0) {
    return (
      <p className="grid h-[212px] place-items-center rounded-control bg-sunken text-small text-faint">
        {t("waits")}
      </p>
    );
  }
  const across = (step: number) => (last.step > 1 ? ((step - 1) / (last.step - 1)) * WIDTH : WIDTH);
  const points = curve
    .map(
      ({ step, rate }) => `${across(step).toFixed(1)},${(HEIGHT * (1 - rate / peak)).toFixed(1)}`,
    )
    .join(" ");
  const epochEnds = Array.from({ length: Math.min(epochs, 12) - 1 }, (_, epoch) =>
    across(((epoch + 1) * last.step) / epochs),
  );
  return (
    <figure role="img" aria-label={label} className="min-w-0 text-tiny text-faint num">
      <p>
        {t("axisRate")} {formatLearningRate(peak)}
      </p>
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        className="mt-1 h-[168px] w-full overflow-visible border-t border-b border-line"
      >
        {epochs <= 12 &&
          epochEnds.map((x) => (
            <line
              key={x}
              x1={x}
              x2={x}
              y2={HEIGHT}
              className="stroke-line"
              strokeDasharray="3 3"
              vectorEffect="non-scaling-stroke"
            />
          ))}
        <polygon points={`0,${HEIGHT} ${points} ${WIDTH},${HEIGHT}`} className="fill-s1/10" />
        <polyline
          points={points}
          className="fill-none stroke-s1"
          strokeWidth={2}
          strokeLinejoin="round"
          vectorEffect="non-scaling-stroke"
        />
      </svg>
      <div className="mt-1 flex justify-between">
        <span>{format.number(1)}</span>
        <span>{t("axis")}</span>
        <span>{format.number(last.step)}</span>
      </div>
    </figure>
  );
}
