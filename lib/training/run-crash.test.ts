import fc from "fast-check";
import { expect, test } from "vitest";
import { createFastClock } from "@/lib/testing/fast-clock";
import { apiOver, aRun, numberedRows } from "@/lib/testing/run-builders";
import { ToyServer, type AppliedStep, type Fault } from "@/lib/testing/toy-server";
import { batchesOf } from "./batches";
import type { RunJournal } from "./journal";
import { createMemoryJournal } from "./memory-journal";
import { planRun } from "./plan";
import { RunDriver } from "./run-driver";
import { learningRateAt } from "./schedule";
import type { RunConfig, RunRecord } from "./types";

const ROWS = numberedRows(11);

/** What an uninterrupted run is bound to do, from the plan alone. */
function expectedSteps(config: RunConfig): AppliedStep[] {
  const plan = planRun(config, ROWS);
  const batchOf = batchesOf(config, plan);
  return Array.from({ length: plan.totalSteps }, (_, step) => ({
    rows: [batchOf(step)],
    learningRate: learningRateAt(config, step, plan.totalSteps),
  }));
}

/** Drives until the run ends or the process "dies" at the given call to the server or write to the journal. */
async function driveUntilCrash(
  server: ToyServer,
  journal: RunJournal,
  record: RunRecord,
  crashAt: number,
): Promise<RunRecord | null> {
  const crash = new AbortController();
  let left = crashAt;
  const tick = () => {
    if ((left -= 1) === 0) crash.abort(new Error("crash"));
  };
  const fetch: typeof globalThis.fetch = (input, init) => {
    tick();
    return server.fetch(input, init);
  };
  const dyingJournal: RunJournal = {
    ...journal,
    write: async (entry) => {
      crash.signal.throwIfAborted();
      await journal.write(entry);
      tick();
    },
  };
  const options = {
    clock: createFastClock(),
    rows: ROWS,
    onUpdate: () => {},
    signal: crash.signal,
  };
  const driver = new RunDriver(record, { ...options, api: apiOver(fetch), journal: dyingJournal });
  return driver.start().done.catch(() => null);
}

const configs = fc.record({
  epochs: fc.integer({ min: 1, max: 3 }),
  batchSize: fc.integer({ min: 2, max: 6 }),
  submitAhead: fc.integer({ min: 0, max: 3 }),
  validationShare: fc.constantFrom(0, 0.2),
  schedule: fc.constantFrom("constant" as const, "linear" as const, "cosine" as const),
  saveEvery: fc.constantFrom({ unit: "epoch" as const }, { unit: "steps" as const, steps: 2 }),
});
/** Rare, so that some stretch gets through between two of them: more than three in a row without progress end a run, as they must. */
const faults = fc.array(
  fc.record({
    afterCalls: fc.integer({ min: 12, max: 60 }),
    fault: fc.constantFrom<Fault>("drop", "cut", "limit", "restart"),
  }),
  { maxLength: 3 },
);

test("a run that crashes at any moment ends with the weights, the steps and the curve of one that never did", async () => {
  await fc.assert(
    fc.asyncProperty(
      configs,
      faults,
      fc.array(fc.integer({ min: 1, max: 120 }), { maxLength: 4 }),
      fc.nat({ max: 2 }),
      async (config, planned, crashes, pendingPolls) => {
        const server = new ToyServer();
        server.pendingPolls = pendingPolls;
        const queue = [...planned];
        let calls = 0;
        server.fault = (path) => {
          calls += 1;
          const next = queue[0];
          const canFail =
            path !== "retrieve_future" && path !== "session_heartbeat" && path !== "unload_model";
          if (!next || !canFail || calls < next.afterCalls) return "none";
          queue.shift();
          calls = 0;
          return path === "create_session" && next.fault === "limit" ? "drop" : next.fault;
        };

        const journal = createMemoryJournal();
        let record: RunRecord = aRun(ROWS, config);
        for (const crashAt of [...crashes, Number.POSITIVE_INFINITY]) {
          const ended = await driveUntilCrash(server, journal, record, crashAt);
          record = ended ?? (await journal.record(record.key)) ?? record;
          if (ended?.status === "done") break;
        }

        const expected = expectedSteps(record.config);
        expect(record).toMatchObject({ status: "done", step: expected.length });
        for (const { path, nextStep } of record.checkpoints) {
          expect(server.checkpoints.get(path)).toEqual(expected.slice(0, nextStep));
        }
        expect(record.checkpoints.at(-1)?.nextStep).toBe(expected.length);
        const { steps } = await journal.history(record.key, { logEntries: 0 });
        expect(steps.map(({ step, learningRate }) => [step, learningRate])).toEqual(
          expected.map(({ learningRate }, index) => [index + 1, learningRate]),
        );
        expect(steps.map(({ loss }) => loss)).toEqual(
          expected.map((_, index) => expect.closeTo(4 / (1 + index), 5) as unknown),
        );
        for (const model of server.models.values()) {
          expect(model.applied).toEqual(expected.slice(0, model.applied.length));
        }
      },
    ),
    { numRuns: 60 },
  );
});
