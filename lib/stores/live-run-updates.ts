import {
  FINISHED,
  type LogEntry,
  type RunActivity,
  type RunConnection,
  type RunRecord,
  type StepPoint,
  type ValidationPoint,
} from "@/lib/training/types";
import type { RunUpdate } from "@/lib/workers/hosts";

/** Points of a curve. The array grows in place, so that a long run stays cheap; a new `version` says that it did. */
export interface GrowingSteps {
  readonly points: readonly StepPoint[];
  readonly version: number;
}

export interface LiveRun {
  record: RunRecord;
  activity: RunActivity;
  connection: RunConnection;
  /** True when this tab drives the run. */
  isDriver: boolean;
  /** Driven by the command line of the studio's machine: the page shows it and can do nothing with it. */
  isFromCommandLine?: true;
  steps: GrowingSteps;
  validations: readonly ValidationPoint[];
  /** The newest entries, oldest first. */
  log: readonly LogEntry[];
}

const MOST_LOG_ENTRIES = 500;

/** The runs with one update taken in; runs and parts of a run that it does not touch stay the same objects. */
export function applyUpdate(
  runs: Readonly<Record<string, LiveRun>>,
  update: RunUpdate,
): Record<string, LiveRun> {
  const known = update.isWhole ? undefined : runs[update.key];
  const { record, activity, connection, isDriver } = update;
  return {
    ...runs,
    [update.key]: {
      ...{ record, activity, connection, isDriver },
      steps: grown(known?.steps, update.addedSteps, runs[update.key]?.steps.version ?? 0),
      validations: appended(known?.validations, update.addedValidations),
      log: appended(known?.log, update.addedLog, MOST_LOG_ENTRIES),
    },
  };
}

/** True for a run that some tab drives right now. */
export function isDriven({ record: { status } }: LiveRun): boolean {
  return status !== "interrupted" && status !== "paused" && !FINISHED.includes(status);
}

function grown(known: GrowingSteps | undefined, added: StepPoint[], version: number): GrowingSteps {
  if (!known) return { points: added, version: version + 1 };
  if (added.length === 0) return known;
  // The array is this module's own; readers see it as read-only and go by the version.
  const points = known.points as StepPoint[];
  for (const point of added) points.push(point);
  return { points, version: version + 1 };
}

function appended<Item>(
  known: readonly Item[] = [],
  added: readonly Item[],
  most = Infinity,
): readonly Item[] {
  return added.length === 0 ? known : [...known, ...added].slice(-most);
}
