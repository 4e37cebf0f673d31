import type { Clock } from "./clock";
import type { ErrorReport } from "./errors";

const ADAPTER_FILES = ["adapter_config.json", "adapter_model.safetensors"] as const;
const LOST_ON_THE_WAY = [408, 502, 503, 504];
const POLL_MS = 3_000;
/** A hub takes a moment to show what was just uploaded. */
const VERIFY_FOR_MS = 60_000;
/** The server may still be uploading. */
const LOOK_AFTER_CUT_FOR_MS = 600_000;

/** True when the answer got lost on the way, so that the upload may have gone through all the same. */
export function isCut({ code, details }: ErrorReport): boolean {
  return (
    code === "unreachable" ||
    code === "timeout" ||
    LOST_ON_THE_WAY.includes(Number(details?.["status"]))
  );
}

/**
 * What the hub shows once it shows the whole adapter; null when it does not within a minute, or ten after a cut.
 *
 * @param look - asks the hub; null when it cannot be asked
 */
export async function awaitAdapter<Model extends { files: { path: string; sizeBytes: number }[] }>(
  look: () => Promise<Model | null>,
  { wasCut, clock, signal }: { wasCut: boolean; clock: Clock; signal: AbortSignal },
): Promise<Model | null> {
  const deadline = clock.now() + (wasCut ? LOOK_AFTER_CUT_FOR_MS : VERIFY_FOR_MS);
  for (;;) {
    const model = await look();
    if (model && hasAdapter(model.files)) return model;
    if (clock.now() >= deadline) return null;
    await clock.sleep(POLL_MS, { signal });
  }
}

function hasAdapter(files: readonly { path: string; sizeBytes: number }[]): boolean {
  return ADAPTER_FILES.every((name) =>
    files.some(({ path, sizeBytes }) => path === name && sizeBytes > 0),
  );
}
