import type { RunHistory, RunJournal } from "@/lib/training/journal";
import { openDatabase, toStorageError, type StudioDatabase } from "./database";

/** The journal in IndexedDB: every entry is one transaction. */
export const runJournal: RunJournal = {
  write: (entry) =>
    stored(async (database) => {
      const { key } = entry.record;
      const transaction = database.transaction(
        ["runs", "steps", "validations", "log"],
        "readwrite",
        {
          durability: "relaxed",
        },
      );
      const [runs, steps, validations, log] = [
        transaction.objectStore("runs"),
        transaction.objectStore("steps"),
        transaction.objectStore("validations"),
        transaction.objectStore("log"),
      ];
      const writes: Promise<unknown>[] = [runs.put(entry.record)];
      if (entry.dropAfterStep !== undefined) {
        const dropped = IDBKeyRange.bound(
          [key, entry.dropAfterStep],
          [key, Number.POSITIVE_INFINITY],
          true,
        );
        writes.push(steps.delete(dropped), validations.delete(dropped));
      }
      for (const point of entry.steps) writes.push(steps.put({ runKey: key, ...point }));
      for (const point of entry.validations)
        writes.push(validations.put({ runKey: key, ...point }));
      for (const line of entry.log) writes.push(log.add({ runKey: key, ...line }));
      await Promise.all([...writes, transaction.done]);
    }),

  record: (key) => stored((database) => database.get("runs", key)),

  records: () =>
    stored(async (database) =>
      (await database.getAll("runs")).sort((a, b) => b.createdAt - a.createdAt),
    ),

  history: (key, { logEntries }) =>
    stored(async (database): Promise<RunHistory> => {
      const [steps, validations, log] = await Promise.all([
        database.getAll("steps", pointsOf(key)),
        database.getAll("validations", pointsOf(key)),
        database.getAllFromIndex("log", "runKey", key),
      ]);
      return { steps, validations, log: log.slice(-logEntries) };
    }),

  remove: (key) =>
    stored(async (database) => {
      const transaction = database.transaction(
        ["runs", "steps", "validations", "log"],
        "readwrite",
      );
      const log = transaction.objectStore("log");
      const lines = await log.index("runKey").getAllKeys(key);
      await Promise.all([
        transaction.objectStore("runs").delete(key),
        transaction.objectStore("steps").delete(pointsOf(key)),
        transaction.objectStore("validations").delete(pointsOf(key)),
        ...lines.map((line) => log.delete(line)),
        transaction.done,
      ]);
    }),
};

function pointsOf(runKey: string): IDBKeyRange {
  return IDBKeyRange.bound([runKey, 0], [runKey, Number.POSITIVE_INFINITY]);
}

async function stored<Result>(
  work: (database: StudioDatabase) => Promise<Result>,
): Promise<Result> {
  try {
    return await work(await openDatabase());
  } catch (cause) {
    throw toStorageError(cause);
  }
}
