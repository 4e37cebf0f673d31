/* Figures as the screens show them; words around them come from the message files. */

/** `4:48`, `1:02:07`: minutes and seconds, hours when there are any. */
export function formatDuration(ms: number): string {
  const total = Math.max(0, Math.round(ms / 1000));
  const hours = Math.floor(total / 3600);
  const minutes = Math.floor((total % 3600) / 60);
  const seconds = String(total % 60).padStart(2, "0");
  return hours > 0
    ? `${hours}:${String(minutes).padStart(2, "0")}:${seconds}`
    : `${minutes}:${seconds}`;
}

/** `812 B`, `4.2 kB`, `11.4 MB`: powers of 1000. */
export function formatBytes(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

/** Three decimals, more for very small losses, so that a change stays visible. */
export function formatLoss(loss: number): string {
  if (!Number.isFinite(loss)) return String(loss);
  return Math.abs(loss) < 0.001 && loss !== 0 ? loss.toExponential(1) : loss.toFixed(3);
}

/** `3.4e-5`, `0.002`: whichever is shorter to read. */
export function formatLearningRate(rate: number): string {
  if (rate === 0) return "0";
  const plain = Number(rate.toPrecision(2));
  return plain >= 0.001 ? String(plain) : plain.toExponential().replace("e-0", "e-");
}

/** `4,987`, `12.3k`, `1.4M`: counts that need no last digit. All languages of the studio group digits in this way. */
export function formatCount(count: number): string {
  if (count < 10_000) return Math.round(count).toLocaleString("en");
  if (count < 1_000_000) return `${(count / 1000).toFixed(count < 100_000 ? 1 : 0)}k`;
  return `${(count / 1_000_000).toFixed(count < 100_000_000 ? 1 : 0)}M`;
}
