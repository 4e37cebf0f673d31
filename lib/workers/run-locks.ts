import { StudioError } from "@/lib/base/errors";

const PREFIX = "run:";

/** Name of the Web Lock that whoever drives a run holds, and of the channel on which it tells the other tabs. */
export function runLockName(key: string): string {
  return PREFIX + key;
}

/** Keys of the runs that some tab of this browser drives. */
export async function drivenRunKeys(): Promise<Set<string>> {
  if (!("locks" in navigator)) return new Set();
  const { held = [] } = await navigator.locks.query();
  return new Set(
    held.flatMap(({ name, mode }) =>
      name?.startsWith(PREFIX) && mode === "exclusive" ? [name.slice(PREFIX.length)] : [],
    ),
  );
}

/**
 * Takes the lock of a run, waiting a moment for a tab that is just closing; returns the way to let go.
 *
 * @throws {@link StudioError} `run_locked` when another tab drives the run, `unsupported_browser` without Web Locks, which a
 * browser has only over HTTPS or on its own machine
 */
export async function lockRun(key: string, { waitMs }: { waitMs: number }): Promise<() => void> {
  if (!("locks" in navigator)) {
    throw new StudioError("unsupported_browser", "the browser has no Web Locks", {
      details: { missing: "Web Locks" },
    });
  }
  return new Promise((resolve, reject) => {
    navigator.locks
      .request(
        runLockName(key),
        { signal: AbortSignal.timeout(waitMs) },
        () => new Promise<void>((release) => resolve(release)),
      )
      .catch((cause: unknown) =>
        reject(new StudioError("run_locked", "another tab drives this run", { cause })),
      );
  });
}

/** Resolves as soon as nobody drives the run. */
export async function runIsFree(key: string, { signal }: { signal: AbortSignal }): Promise<void> {
  await navigator.locks.request(runLockName(key), { mode: "shared", signal }, () => {});
}
