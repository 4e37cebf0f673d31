import type { RunHistory, RunJournal } from "./journal";
import type { RunRecord } from "./types";

/** A journal that lives as long as its process, for tests and for runs that need no resume. */
export function createMemoryJournal(): RunJournal {
  const runs = new Map<string, RunHistory & { record: RunRecord }>();
  const none: RunHistory = { steps: [], validations: [], log: [] };
  return {
    write: ({ record, dropAfterStep = Number.POSITIVE_INFINITY, ...added }) => {
      const old = runs.get(record.key) ?? none;
      const isKept = (point: { step: number }) => point.step <= dropAfterStep;
      runs.set(record.key, {
        record: structuredClone(record),
        steps: [...old.steps.filter(isKept), ...added.steps],
        validations: [...old.validations.filter(isKept), ...added.validations],
        log: [...old.log, ...added.log],
      });
      return Promise.resolve();
    },
    record: (key) => Promise.resolve(structuredClone(runs.get(key)?.record)),
    records: () => {
      const records = [...runs.values()].map(({ record }) => structuredClone(record));
      return Promise.resolve(records.sort((a, b) => b.createdAt - a.createdAt));
    },
    history: (key, { logEntries }) => {
      const { steps, validations, log } = runs.get(key) ?? none;
      return Promise.resolve({
        steps: [...steps],
        validations: [...validations],
        log: log.slice(-logEntries),
      });
    },
    remove: (key) => {
      runs.delete(key);
      return Promise.resolve();
    },
  };
}
