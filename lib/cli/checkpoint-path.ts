import { UsageError } from "./command";

/** @throws UsageError for what is no path of a checkpoint */
export function parseCheckpointPath(path: string): { path: string; run: string; id: string } {
  const [, run, id] = /^\w+:\/\/([^/]+)\/((?:sampler_)?weights\/[^/]+)$/.exec(path) ?? [];
  if (!run || !id)
    throw new UsageError(
      `"${path}" is no path of a checkpoint; it looks like twinkle://RUN/weights/NAME.`,
    );
  return { path, run, id };
}
