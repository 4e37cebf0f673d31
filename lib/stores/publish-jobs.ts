import { create } from "zustand";
import type { ErrorReport } from "@/lib/base/errors";

/**
 * uploading ──► verifying ──► done
 *     │             │
 *     └──► cut ─────┴──► failed ──► uploading
 *
 * `cut`: the connection ended before the server's answer; the hub is asked whether the files came.
 */
export interface PublishJob {
  phase: "uploading" | "cut" | "verifying" | "done" | "failed";
  /** `OWNER/NAME` on the hub. */
  modelId: string;
  startedAt: number;
  endedAt: number | null;
  error: ErrorReport | null;
  /** Why the published model got no card; null when it has one. */
  cardError: ErrorReport | null;
}

interface PublishJobs {
  jobs: Readonly<Record<string, PublishJob>>;
}

/** Uploads of this page by the checkpoint's path: they go on while their dialog is closed. */
const usePublishJobs = create<PublishJobs>(() => ({ jobs: {} }));

export function usePublishJob(path: string): PublishJob | undefined {
  return usePublishJobs(({ jobs }) => jobs[path]);
}

export function beginPublishJob(path: string, modelId: string): void {
  const job: PublishJob = {
    modelId,
    phase: "uploading",
    startedAt: Date.now(),
    endedAt: null,
    error: null,
    cardError: null,
  };
  usePublishJobs.setState(({ jobs }) => ({ jobs: { ...jobs, [path]: job } }));
}

export function updatePublishJob(path: string, change: Partial<PublishJob>): void {
  usePublishJobs.setState(({ jobs }) => {
    const job = jobs[path];
    return job ? { jobs: { ...jobs, [path]: { ...job, ...change } } } : {};
  });
}

export function forgetPublishJob(path: string): void {
  usePublishJobs.setState(({ jobs: { [path]: _, ...jobs } }) => ({ jobs }));
}
