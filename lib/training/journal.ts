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

/** A run with everything that its journal has. */
export interface RunWithHistory extends RunHistory {
  record: RunRecord;
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
