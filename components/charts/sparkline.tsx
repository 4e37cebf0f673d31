import { downsample } from "./downsample";

const WIDTH = 96;
const HEIGHT = 24;
const MARGIN = 3;
const MOST_POINTS = 60;

export interface SparklineProps {
  values: readonly number[];
  /** How much of the whole course the values cover, from 0 to 1. */
  share: number;
  className?: string;
}

/** A curve the size of a word, for lists whose figures stand beside it. */
export function Sparkline({ values, share, className }: SparklineProps) {
  const lowest = Math.min(...values);
  const span = Math.max(...values) - lowest || 1;
  const points = downsample(values, MOST_POINTS).map((index) => {
    const along = values.length === 1 ? 1 : index / (values.length - 1);
    const x = MARGIN + along * share * (WIDTH - 2 * MARGIN);
    const y = HEIGHT - MARGIN - ((values[index]! - lowest) / span) * (HEIGHT - 2 * MARGIN);
    return { x, y };
  });
  const end = points.at(-1);
  return (
    <svg width={WIDTH} height={HEIGHT} aria-hidden className={className}>
      {end && share < 1 && (
        <path
          d={`M${end.x} ${end.y}H${WIDTH - MARGIN}`}
          className="stroke-line-strong"
          strokeDasharray="2 3"
        />
      )}
      <polyline
        points={points.map(({ x, y }) => `${x.toFixed(1)},${y.toFixed(1)}`).join(" ")}
        className="fill-none stroke-s1"
        strokeWidth={1.5}
        strokeLinejoin="round"
      />
      {end && <circle cx={end.x} cy={end.y} r={2.2} className="fill-s1" />}
    </svg>
  );
}
