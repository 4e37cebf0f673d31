import type { Checkpoint, TrainingRun } from "@/lib/protocol/checkpoints";

/** One checkpoint with what this browser knows about it. */
export interface CheckpointItem extends Checkpoint {
  /** Unique over all runs. */
  key: string;
  runId: string;
  runName: string;
  baseModel: string | null;
  datasetId: string | null;
  /** Null when neither journal nor name say it. */
  step: number | null;
  loss: number | null;
  validationLoss: number | null;
  /** Milliseconds since the epoch. */
  createdAt: number | null;
  /** An unfinished run of this browser goes on from it. */
  isResumePoint: boolean;
}

export interface CheckpointGroup {
  run: TrainingRun;
  name: string;
  isOpen: boolean;
  isPending: boolean;
  error: unknown;
  refetch: () => void;
  /** Those that the filter lets through, newest first; empty until loaded. */
  items: CheckpointItem[];
  /** Of all its checkpoints; null until loaded, or when the server gives no size. */
  sizeBytes: number | null;
  /** Null until loaded. */
  count: number | null;
}

/** `step-000240` in the names that the studio gives. */
export function stepOfName(name: string): number | null {
  const step = /(?:^|-)step-(\d+)/.exec(name)?.[1];
  return step === undefined ? null : Number(step);
}

/** Sum of the sizes that are known; null when none is. */
export function sumOfSizes(items: { sizeBytes: number | null }[]): number | null {
  const known = items.flatMap(({ sizeBytes }) => (sizeBytes ? [sizeBytes] : []));
  return known.length > 0 ? known.reduce((sum, size) => sum + size, 0) : null;
}

/** A server's time without a zone is read as this computer's. */
export function timeOf(text: string | null): number | null {
  const at = text === null ? Number.NaN : Date.parse(text);
  return Number.isFinite(at) ? at : null;
}

export function matches(words: string, ...texts: (string | null)[]): boolean {
  const all = texts.join(" ").toLowerCase();
  return words
    .toLowerCase()
    .split(/\s+/)
    .every((word) => all.includes(word));
}
