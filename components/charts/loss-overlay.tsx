import { useTranslations } from "next-intl";
import { useXAxisScale, useYAxisScale, usePlotArea, ZIndexLayer } from "recharts";
import { formatLoss } from "@/lib/base/format";
import { placeOf, type StepAxis } from "./step-axis";

export interface LossOverlayProps {
  axis: StepAxis;
  validations: readonly { step: number; loss: number }[];
  savedSteps: readonly number[];
  /** The newest drawn point of the smoothed curve. */
  end: { place: number; smoothed: number | null } | null;
}

/** Above lines and axes. */
const ON_TOP = 700;
const WIDTH_OF_LABEL = 80;
const LINE_HEIGHT = 15;
const LEADER = 36;
const MOST_DOTS = 150;

/** Over the curves: validation as dots on a thin line, saves as ticks on the axis, and the names of the curves beside them. */
export function LossOverlay({ axis, validations, savedSteps, end }: LossOverlayProps) {
  const t = useTranslations("charts");
  const plot = usePlotArea();
  const toX = useXAxisScale();
  const toY = useYAxisScale();
  if (!plot || !toX || !toY) return null;

  const right = plot.x + plot.width;
  const bottom = plot.y + plot.height;
  const dots = validations.map(({ step, loss }) => ({
    step,
    loss,
    x: toX(placeOf(axis, step)) ?? 0,
    y: toY(loss) ?? 0,
  }));
  const best = dots.reduce<(typeof dots)[number] | null>(
    (low, dot) => (low && low.loss <= dot.loss ? low : dot),
    null,
  );
  const named = dots[Math.floor((dots.length - 1) / 3)];
  const isJoined = named && best && Math.abs(named.x - best.x) < WIDTH_OF_LABEL;
  const isBestAtEnd = best && best.x > right - WIDTH_OF_LABEL * (isJoined ? 2 : 1);
  const saves = savedSteps.map((step) => toX(placeOf(axis, step)) ?? 0);
  const firstSave = saves[0];
  return (
    <ZIndexLayer zIndex={ON_TOP}>
      <polyline
        points={dots.map(({ x, y }) => `${x},${y}`).join(" ")}
        className="fill-none stroke-s2"
        strokeWidth={1}
        strokeOpacity={0.75}
      />
      {dots.length <= MOST_DOTS &&
        dots.map(({ step, x, y }) => (
          <circle
            key={step}
            cx={x}
            cy={y}
            r={3.2}
            className="fill-surface stroke-s2"
            strokeWidth={2}
          />
        ))}
      {named && !isJoined && (
        <text x={named.x + 2} y={named.y - 12} className="fill-s2-text text-tiny font-semibold">
          {t("validation")}
        </text>
      )}
      {best && (
        <g>
          <circle cx={best.x} cy={best.y} r={7} className="fill-none stroke-s2" strokeWidth={1.5} />
          <path d={`M${best.x} ${best.y - 8}V${best.y - LEADER}`} className="stroke-s2" />
          <text
            x={best.x + (isBestAtEnd ? -5 : 5)}
            y={best.y - LEADER + 6}
            textAnchor={isBestAtEnd ? "end" : "start"}
            className="fill-s2-text text-tiny font-semibold num"
          >
            {t(isJoined ? "bestValidation" : "best", { loss: formatLoss(best.loss) })}
          </text>
        </g>
      )}
      {end?.smoothed != null && (
        <EndLabel
          x={toX(end.place) ?? 0}
          y={toY(end.smoothed) ?? 0}
          right={right}
          taken={best && { x: best.x, y: best.y - LEADER + 6 }}
          text={t("train", { loss: formatLoss(end.smoothed) })}
        />
      )}
      {saves.map((x) => (
        <path key={x} d={`M${x} ${bottom + 3}l4.5 8h-9z`} className="fill-muted" />
      ))}
      {firstSave !== undefined && firstSave - plot.x > 56 && (
        <text x={firstSave - 9} y={bottom + 12} textAnchor="end" className="fill-faint text-tiny">
          {t("saved")}
        </text>
      )}
    </ZIndexLayer>
  );
}

interface EndLabelProps {
  x: number;
  y: number;
  right: number;
  /** Where another label stands. */
  taken: { x: number; y: number } | null;
  text: string;
}

/** Beside the newest point; above it where there is no room at its right, and above a label that stands there. */
function EndLabel({ x, y, right, taken, text }: EndLabelProps) {
  const isBeside = x < right - WIDTH_OF_LABEL - 12;
  const wanted = isBeside ? y + 4 : y - 14;
  const isTaken =
    taken !== null &&
    Math.abs(taken.x - x) < 1.5 * WIDTH_OF_LABEL &&
    Math.abs(taken.y - wanted) < LINE_HEIGHT;
  return (
    <g>
      <circle cx={x} cy={y} r={9} className="fill-s1 opacity-20" />
      <circle cx={x} cy={y} r={4} className="fill-s1" />
      <text
        x={isBeside ? x + 13 : x - 4}
        y={isTaken ? taken.y - LINE_HEIGHT : wanted}
        textAnchor={isBeside ? "start" : "end"}
        className="fill-accent-text text-tiny font-semibold num"
      >
        {text}
      </text>
    </g>
  );
}
