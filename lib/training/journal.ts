import type { LogEntry, RunRecord, StepPoint, ValidationPoint } from "./types";

/** What happened since the last entry; stored whole or not at all. */
export interface JournalEntry {
  record: RunRecord;
  /** Steps and validations after this step are forgotten before the new ones are added. */
  dropAfterStep?: number | undefined;
  steps: readonly StepPoint[];
  validations: readonly ValidationPoint[];
  log: readonly LogEntry[];
}

export interface RunHistory {
  steps: StepPoint[];
  validations: ValidationPoint[];
  /** The newest entries, oldest first. */
  log: LogEntry[];
}

/** The durable side of a run: what it needs to go on after a crash, and what the charts are drawn from. */
export interface RunJournal {
  /** Resolves when the entry will survive the process. */
  write(entry: JournalEntry): Promise<void>;
  record(key: string): Promise<RunRecord | undefined>;
  /** Newest first. */
  records(): Promise<RunRecord[]>;
  history(key: string, options: { logEntries: number }): Promise<RunHistory>;
  remove(key: string): Promise<void>;
}

/** A journal that lives as long as its process, for tests and for runs that need no resume. */
export function createMemoryJournal(): RunJournal {
  const runs = new Map<string, RunHistory & { record: RunRecord }>();
  return {
    write: async (entry) => {
      const { record, dropAfterStep = Number.POSITIVE_INFINITY } = entry;
      const old = runs.get(record.key) ?? { steps: [], validations: [], log: [] };
      const isKept = (point: { step: number }) => point.step <= dropAfterStep;
      runs.set(record.key, {
        record: structuredClone(record),
        steps: [...old.steps.filter(isKept), ...entry.steps],
        validations: [...old.validations.filter(isKept), ...entry.validations],
        log: [...old.log, ...entry.log],
      });
    },
    record: async (key) => structuredClone(runs.get(key)?.record),
    records: async () =>
      [...runs.values()]
        .map(({ record }) => structuredClone(record))
        .sort((a, b) => b.createdAt - a.createdAt),
    history: async (key, { logEntries }) => {
      const run = runs.get(key) ?? { steps: [], validations: [], log: [] };
      return {
        steps: [...run.steps],
        validations: [...run.validations],
        log: run.log.slice(-logEntries),
      };
    },
    remove: async (key) => void runs.delete(key),
  };
}
