import { setImmediate } from "node:timers/promises";

import type { Clock } from "@/lib/base/clock";

export interface HandClock extends Clock {
  /** Moves time on and lets everything that was due happen. */
  advance: (ms: number) => Promise<void>;
}

/** A clock that stands still until it is moved. */
export function createHandClock(): HandClock {
  let now = 0;
  const sleepers = new Set<{ at: number; wake: () => void }>();
  return {
    now: () => now,
    sleep: (ms, { signal }) =>
      new Promise((resolve, reject) => {
        const wake = () => {
          signal.removeEventListener("abort", onAbort);
          resolve();
        };
        const onAbort = () => {
          sleepers.delete(sleeper);
          reject(signal.reason as Error);
        };
        const sleeper = { at: now + ms, wake };
        sleepers.add(sleeper);
        signal.addEventListener("abort", onAbort, { once: true });
      }),
    advance: async (ms) => {
      now += ms;
      for (const sleeper of sleepers) {
        if (sleeper.at > now) continue;
        sleepers.delete(sleeper);
        sleeper.wake();
      }
      await setImmediate();
    },
  };
}
