import { systemClock, type Clock } from "@/lib/base/clock";

/** A clock on which `speed` milliseconds pass in each real one, so that waits of seconds take no time in tests. */
export function createFastClock({ speed = 1_000 } = {}): Clock {
  const startedAt = performance.now();
  return {
    now: () => Math.round((performance.now() - startedAt) * speed),
    sleep: (ms, options) => systemClock.sleep(ms / speed, options),
  };
}
