import { expect, test } from "vitest";
import { aRun, numberedRows } from "@/lib/testing/run-builders";
import type { RunRecord } from "@/lib/training/types";
import { featuresOfReport, featuresOfRoutes, featuresOfRuns } from "./features";
import { PUBLISH } from "./probe-routes";
import { unknownTraits, type ServerTraits } from "./traits";
import type { DoctorCode, DoctorLine, DoctorOutcome, DoctorReport, DoctorStep } from "./types";

const AT = 1_000;

function aReport(traits: Partial<ServerTraits>, lines: DoctorLine[] = []): DoctorReport {
  return {
    ...{ baseModel: "a/b", startedAt: AT, lines, leftBehind: [] },
    traits: { ...unknownTraits(), ...traits },
  };
}

function aLine(step: DoctorStep, outcome: DoctorOutcome, code: DoctorCode): DoctorLine {
  return { step, outcome, code, error: null, ms: 1, exchanges: [] };
}

function had(features: ReturnType<typeof featuresOfReport>) {
  return Object.fromEntries(Object.entries(features).map(([name, state]) => [name, state.has]));
}

test("what an examination found is a yes or a no with its time, and the rest stays unknown", () => {
  const report = aReport(
    { resend: "runs_twice", greedyAtZero: true, seeds: false, samplesTrainingCheckpoints: false },
    [aLine("delete", "absent", "route_absent"), aLine("load", "ok", "load_restores")],
  );
  const features = featuresOfReport(report);
  expect(had(features)).toEqual({
    ...{ safe_resend: false, greedy: true, seed: false, sample_training: false },
    ...{ delete: false, load: true },
  });
  expect(features.seed).toEqual({ has: false, learnedAt: AT });
});

test("a server without the chat call does not stream, and one that ignores a delete lacks it", () => {
  const routes = { "POST chat/completions": "absent", [PUBLISH]: "absent" } as const;
  expect(had(featuresOfRoutes(routes, AT))).toEqual({
    ...{ chat: false, streaming: false, publish: false },
  });
  const ignored = [aLine("delete", "failed", "delete_did_nothing")];
  expect(had(featuresOfReport(aReport({ routes }, ignored)))).toEqual({
    ...{ chat: false, streaming: false, publish: false, delete: false },
  });
});

test("a step that failed for another reason, and a call that could not be asked, teach nothing", () => {
  const lines = [aLine("delete", "failed", "call_failed"), aLine("load", "skipped", "not_reached")];
  const routes = { "POST chat/completions": "unknown", "POST load_weights": "unknown" } as const;
  expect(featuresOfReport(aReport({ routes }, lines))).toEqual({});
});

test("the last run that asked for an optimizer state tells whether the server loads it", () => {
  const rows = numberedRows(6);
  const run = (change: Partial<RunRecord>): RunRecord => ({ ...aRun(rows), ...change });
  const refused = run({ optimizerRefusedAt: 2, updatedAt: 5, step: 4 });
  const startFrom = { path: "twinkle://a/weights/b", optimizer: true };
  const wentOn = run({ ...aRun(rows, { startFrom }), step: 1, updatedAt: 3 });
  expect(featuresOfRuns([refused], "http://toy")).toEqual({
    load_optimizer: { has: false, learnedAt: 2 },
  });
  expect(had(featuresOfRuns([wentOn, refused], "http://toy"))).toEqual({ load_optimizer: true });
  expect(featuresOfRuns([refused], "http://other")).toEqual({});
});
