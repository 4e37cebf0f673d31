import { afterAll, beforeAll, expect, test } from "vitest";
import { systemClock } from "@/lib/base/clock";
import { seededRandom } from "@/lib/base/random";
import { startTestServer, type TestServer } from "@/lib/server/testing/test-server";
import { rowsInMemory } from "@/lib/dataset/rows-in-memory";
import { apiOver, aRun } from "@/lib/testing/run-builders";
import { createMemoryJournal } from "./memory-journal";
import { RunDriver } from "./run-driver";
import type { RunJournal } from "./journal";
import type { RunConfig, RunRecord, StepPoint } from "./types";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.dispose());

const random = seededRandom(3);
/** Bytes that count upwards: a tiny model can learn what follows. */
const ROWS = rowsInMemory(
  Array.from({ length: 24 }, () => {
    const first = 97 + Math.floor(random() * 10);
    return {
      tokens: Int32Array.from({ length: 16 }, (_, at) => first + at),
      weights: Uint8Array.from({ length: 16 }, (_, at) => (at < 4 ? 0 : 1)),
    };
  }),
);
const CONFIG: Partial<RunConfig> = {
  baseModel: "test/tiny",
  epochs: 4,
  batchSize: 4,
  learningRate: 0.02,
  schedule: "cosine",
  validationShare: 0.1,
  saveEvery: { unit: "steps", steps: 5 },
};

function drive(
  record: RunRecord,
  journal: RunJournal,
  signal = new AbortController().signal,
  onStep = (_: StepPoint) => {},
) {
  const api = apiOver(fetch, `http://127.0.0.1:${server.port}/api/v1`);
  const onUpdate = ({ steps }: { steps: readonly StepPoint[] }) => steps.forEach(onStep);
  return new RunDriver(record, {
    api,
    journal,
    clock: systemClock,
    rows: ROWS,
    onUpdate,
    signal,
  }).start();
}

async function losses(journal: RunJournal): Promise<number[]> {
  return (await journal.history("run", { logEntries: 0 })).steps.map(
    ({ loss }) => loss ?? Number.NaN,
  );
}

test("the loss falls on the local server, and a run that crashed and met a restarted server has the same curve", async () => {
  const whole = createMemoryJournal();
  const done = await drive(aRun(ROWS, CONFIG), whole).done;
  const curve = await losses(whole);
  expect(done).toMatchObject({ status: "done", step: curve.length });
  expect(curve.at(-1)).toBeLessThan((curve[0] ?? 0) * 0.8);
  expect(done.lastValidationLoss).toBeLessThan(curve[0] ?? 0);
  expect(done.checkpoints.at(-1)?.path).toBe(
    `twinkle://${done.serverRunId}/weights/${done.checkpoints.at(-1)?.name}`,
  );

  const journal = createMemoryJournal();
  const crash = new AbortController();
  const onStep = ({ step }: StepPoint) => step === 13 && crash.abort(new Error("crash"));
  await expect(drive(aRun(ROWS, CONFIG), journal, crash.signal, onStep).done).rejects.toThrow(
    "crash",
  );
  server = await server.restart();
  const left = await journal.record("run");
  expect(left?.checkpoints.at(-1)?.nextStep).toBe(10);
  const resumed = await drive(left as RunRecord, journal).done;
  expect(resumed).toMatchObject({ status: "done", resumes: [{ step: 11 }] });
  expect(await losses(journal)).toEqual(curve.map((loss) => expect.closeTo(loss, 4) as unknown));
});
