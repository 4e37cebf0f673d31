import { expect, test } from "vitest";
import type { JournalEntry, RunJournal } from "@/lib/training/journal";
import type { RunRecord } from "@/lib/training/types";
import { aRun, numberedRows } from "./run-builders";

const point = (step: number, loss = 1) => ({
  step,
  loss,
  learningRate: 0.1,
  gradNorm: null,
  tokens: 10,
  tokensPerSecond: null,
  at: step,
});

function entry(record: RunRecord, added: Partial<JournalEntry> = {}): JournalEntry {
  return { record, steps: [], validations: [], log: [], ...added };
}

/** What every journal keeps to. */
export function runJournalContract(name: string, create: () => RunJournal): void {
  const rows = numberedRows(4);
  const aRecord = (key: string, createdAt = 0): RunRecord => ({ ...aRun(rows), key, createdAt });

  test(`${name}: keeps records, newest first, and points of each run apart`, async () => {
    const journal = create();
    await journal.write(
      entry(aRecord("a", 1), {
        steps: [point(1), point(2)],
        validations: [{ step: 0, loss: 3, at: 0 }],
      }),
    );
    await journal.write(entry(aRecord("b", 2), { steps: [point(1, 9)] }));
    expect((await journal.records()).map(({ key }) => key)).toEqual(["b", "a"]);
    const history = await journal.history("a", { logEntries: 10 });
    expect(history.steps).toMatchObject([point(1), point(2)]);
    expect(history.validations).toMatchObject([{ step: 0, loss: 3 }]);
    await journal.remove("b");
    expect(await journal.record("b")).toBeUndefined();
    expect((await journal.history("b", { logEntries: 10 })).steps).toEqual([]);
    expect((await journal.history("a", { logEntries: 10 })).steps).toHaveLength(2);
    await journal.remove("a");
  });

  test(`${name}: forgets what comes after a step before it adds`, async () => {
    const journal = create();
    const record = aRecord("c");
    const validations = [2, 4].map((step) => ({ step, loss: 1, at: 0 }));
    await journal.write(
      entry(record, { steps: [1, 2, 3, 4].map((step) => point(step)), validations }),
    );
    await journal.write(entry({ ...record, step: 3 }, { dropAfterStep: 2, steps: [point(3, 7)] }));
    const history = await journal.history("c", { logEntries: 10 });
    expect(history.steps.map(({ step, loss }) => [step, loss])).toEqual([
      [1, 1],
      [2, 1],
      [3, 7],
    ]);
    expect(history.validations.map(({ step }) => step)).toEqual([2]);
    expect((await journal.record("c"))?.step).toBe(3);
    await journal.remove("c");
  });

  test(`${name}: gives the newest lines of the log, oldest first`, async () => {
    const journal = create();
    const record = aRecord("d");
    const line = (at: number) => ({ at, level: "info" as const, code: "started", params: {} });
    await journal.write(entry(record, { log: [line(1), line(2)] }));
    await journal.write(entry(record, { log: [line(3)] }));
    expect((await journal.history("d", { logEntries: 2 })).log.map(({ at }) => at)).toEqual([2, 3]);
    await journal.remove("d");
  });
}
