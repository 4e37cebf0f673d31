import { useFormatter, useTranslations } from "next-intl";
import { usePlotArea, useXAxisScale } from "recharts";
import { placeOf, type StepAxis } from "./step-axis";
import { timeSpan } from "./time-span";

const HATCH = "gap-hatch";
const WIDTH_OF_LABEL = 130;
const WIDTH_OF_STEPS_TO_COME = 120;

/** Behind the curves: the steps to come, and the times in which nobody drove the run. */
export function LossUnderlay({ axis, step }: { axis: StepAxis; step: number }) {
  const t = useTranslations("charts");
  const format = useFormatter();
  const plot = usePlotArea();
  const scale = useXAxisScale();
  if (!plot || !scale) return null;

  const xOf = (place: number) => scale(place) ?? 0;
  const right = plot.x + plot.width;
  const toCome = axis.totalSteps - step;
  const now = xOf(placeOf(axis, step));
  const gaps = labelled(
    axis.gaps.map((gap) => ({
      ...gap,
      from: xOf(placeOf(axis, gap.step) - axis.gapRoom),
      to: xOf(placeOf(axis, gap.step)),
    })),
    plot.x,
  );
  return (
    <g>
      <defs>
        <pattern
          id={HATCH}
          width={6}
          height={6}
          patternUnits="userSpaceOnUse"
          patternTransform="rotate(45)"
        >
          <rect width={2} height={6} className="fill-line-strong" />
        </pattern>
      </defs>
      {toCome > 0 && (
        <rect
          x={now}
          y={plot.y}
          width={right - now}
          height={plot.height}
          className="fill-ink opacity-[0.035]"
        />
      )}
      {toCome > 0 && right - now > WIDTH_OF_STEPS_TO_COME && (
        <text
          x={right - 8}
          y={plot.y + plot.height - 10}
          textAnchor="end"
          className="fill-faint text-tiny"
        >
          {t("stepsToCome", { count: toCome })}
        </text>
      )}
      {gaps.map(({ step: stepAfter, at, gapMs, from, to, hasLabel }) => (
        <g key={stepAfter}>
          <rect
            x={from}
            y={plot.y}
            width={Math.max(2, to - from)}
            height={plot.height}
            fill={`url(#${HATCH})`}
          />
          {hasLabel && (
            <text x={from - 6} y={plot.y + 12} textAnchor="end" className="fill-faint text-tiny">
              <tspan className="font-semibold">
                {t("resumed", {
                  time: format.dateTime(at, { hour: "2-digit", minute: "2-digit" }),
                })}
              </tspan>
              <tspan x={from - 6} dy={15}>
                {t("afterPause", { span: format.number(...timeSpan(gapMs)) })}
              </tspan>
            </text>
          )}
        </g>
      ))}
    </g>
  );
}

/** Each gap with whether there is room for its label at its left. */
function labelled<Drawn extends { from: number; to: number }>(
  gaps: readonly Drawn[],
  left: number,
) {
  let freeFrom = left;
  const result: (Drawn & { hasLabel: boolean })[] = [];
  for (const gap of gaps) {
    const hasLabel = gap.from - freeFrom > WIDTH_OF_LABEL;
    if (hasLabel) freeFrom = gap.to;
    result.push({ ...gap, hasLabel });
  }
  return result;
}
