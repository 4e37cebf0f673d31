import { expect, test } from "vitest";
import type { StepPoint } from "@/lib/training/types";
import { lossTable } from "./loss-reading";
import { firstSmoothing, runCurves, type CurveInput } from "./run-curves";

const SETTINGS = { smoothing: 0, scale: "linear" } as const;

function aPoint(step: number, changes: Partial<StepPoint> = {}): StepPoint {
  const point = { step, loss: 2 / step, learningRate: 1e-4, gradNorm: 1, tokens: 64 };
  return { ...point, tokensPerSecond: 300, at: step * 1000, ...changes };
}

function anInput(changes: Partial<CurveInput> = {}): CurveInput {
  const points = [1, 2, 3].map((step) => aPoint(step));
  const rest = { validations: [], resumes: [], savedSteps: [], plannedRates: [] };
  return { points, totalSteps: 10, ...rest, ...changes };
}

test("the curves are of one moment, while the live points grow", () => {
  const points = [aPoint(1)];
  const curves = runCurves(anInput({ points }), SETTINGS);
  points.push(aPoint(2));
  expect(curves.steps).toHaveLength(1);
});

test("the planned learning rate goes on where the real one ends", () => {
  const plannedRates = [1, 4, 10].map((step) => ({ step, rate: 1e-4 }));
  const { rate } = runCurves(anInput({ plannedRates }), SETTINGS);
  expect(rate.rows.filter(({ planned }) => planned !== null).map(({ place }) => place)).toEqual([
    3, 4, 10,
  ]);
});

test("a figure that the server does not tell has no last value", () => {
  const points = [aPoint(1, { gradNorm: null }), aPoint(2, { gradNorm: null })];
  expect(runCurves(anInput({ points }), SETTINGS).norm.last).toBeNull();
});

test("a loss that the server does not tell is neither drawn nor read as a number", () => {
  const curves = runCurves(anInput({ points: [aPoint(1, { loss: null })] }), SETTINGS);
  expect(curves.loss.rows).toMatchObject([{ raw: null, smoothed: null }]);
  expect(lossTable(curves)).toEqual([["1", "–", "–", "–"]]);
});

test("a run before its first step has axes, and no curve", () => {
  const { loss, rate } = runCurves(anInput({ points: [] }), SETTINGS);
  expect(loss.rows).toEqual([]);
  expect(loss.scale.to).toBeGreaterThan(loss.scale.from);
  expect(rate.last).toBeNull();
});

test("a loss of zero still has a place on a logarithmic axis", () => {
  const points = [aPoint(1), aPoint(2, { loss: 0 })];
  const { loss } = runCurves(anInput({ points }), { smoothing: 0, scale: "log" });
  expect(loss.scale.kind).toBe("log");
  expect(loss.rows.every(({ raw }) => raw !== null && raw > 0)).toBe(true);
});

test("fifty thousand steps come to at most a thousand drawn rows", () => {
  const points = Array.from({ length: 50_000 }, (_, index) => aPoint(index + 1));
  const { loss } = runCurves(anInput({ points, totalSteps: 60_000 }), SETTINGS);
  expect(loss.rows.length).toBeLessThanOrEqual(1000);
});

test("the longer the run, the more steps the loss is smoothed over", () => {
  expect([36, 400, 60_000].map(firstSmoothing)).toEqual([0.5, 0.9, 0.99]);
});
