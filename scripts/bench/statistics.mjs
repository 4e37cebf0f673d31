export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** The value that a share of all values does not exceed. */
export function quantile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
}

/** Milliseconds that `action` takes. */
export async function time(action) {
  const startedAt = performance.now();
  await action();
  return performance.now() - startedAt;
}

export async function repeat(count, action) {
  for (let index = 0; index < count; index++) await action();
}

/** Runs both sides in turn, `rounds` times each, so that a busy machine slows both alike; returns the medians. */
export async function alternate(rounds, ours, peer) {
  const times = { ours: [], peer: [] };
  for (let round = 0; round < rounds; round++) {
    const order = round % 2 ? ["peer", "ours"] : ["ours", "peer"];
    for (const side of order) times[side].push(await (side === "ours" ? ours() : peer()));
  }
  return { ours: median(times.ours), peer: median(times.peer) };
}
