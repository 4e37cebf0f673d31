import { NextIntlClientProvider } from "next-intl";
import { flushSync } from "react-dom";
import { createRoot } from "react-dom/client";
import { Line, LineChart, XAxis, YAxis } from "recharts";
import { LossChart } from "@/components/charts/loss-chart";
import { runCurves } from "@/components/run/run-curves";
import messages from "@/messages/en.json";

/* The page of the chart benchmark: draws a run of `count` steps, by the studio's chart or by Recharts with every point. */

function pointsOf(count: number) {
  return Array.from({ length: count }, (_, i) => ({
    step: i + 1,
    loss: 2 * Math.exp(-i / (count / 4)) + 0.3 + 0.1 * Math.sin(i * 12.9898),
    learningRate: 1e-4,
    gradNorm: 1 + 0.2 * Math.sin(i * 7.7),
    tokens: 1024,
    tokensPerSecond: 300,
    at: i * 1000,
  }));
}

const SETTINGS = { smoothing: 0.9, scale: "linear" } as const;
const root = createRoot(document.getElementById("root")!);

function Ours({ points }: { points: ReturnType<typeof pointsOf> }) {
  const curves = runCurves(
    {
      points,
      validations: [],
      resumes: [],
      savedSteps: [],
      totalSteps: points.length + 100,
      plannedRates: [],
    },
    SETTINGS,
  );
  return (
    <NextIntlClientProvider locale="en" messages={messages}>
      <LossChart
        axis={curves.axis}
        scale={curves.loss.scale}
        rows={curves.loss.rows}
        validations={[]}
        savedSteps={[]}
        step={points.length}
      />
    </NextIntlClientProvider>
  );
}

function EveryPoint({ points }: { points: ReturnType<typeof pointsOf> }) {
  return (
    <LineChart width={900} height={352} data={points}>
      <XAxis dataKey="step" type="number" />
      <YAxis />
      <Line dataKey="loss" dot={false} isAnimationActive={false} />
    </LineChart>
  );
}

/** Milliseconds of main-thread work for one update that adds a step to `count`. */
function updateMs(side: "ours" | "peer", count: number): number {
  const Chart = side === "ours" ? Ours : EveryPoint;
  const points = pointsOf(count);
  flushSync(() => root.render(<Chart points={points} />));
  const grown = pointsOf(count + 1);
  const startedAt = performance.now();
  flushSync(() => root.render(<Chart points={grown} />));
  return performance.now() - startedAt;
}

Object.assign(globalThis, { updateMs });
