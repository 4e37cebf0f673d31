export type CheckpointFolder = "weights" | "sampler_weights";

/** Both name the same checkpoint: the plain Tinker SDK takes nothing but `tinker://`. */
export type PathScheme = "twinkle" | "tinker";

export interface CheckpointRef {
  runId: string;
  folder: CheckpointFolder;
  name: string;
}

const PATH = /^(?:twinkle|tinker):\/\/([^/]+)\/(weights|sampler_weights)\/([^/]+)$/;
const RUN_ID = /^[A-Za-z0-9_-]{1,200}$/;
const NAME = /^[\p{L}\p{N}_-]{1,200}$/u;
const MAX_NAME_BYTES = 200;
/** Windows keeps these for devices. */
const DEVICE_NAME = /^(con|prn|aux|nul|com\d|lpt\d)$/i;

/** What a `twinkle://RUN/weights/NAME` path points at; null for any other text. */
export function parseCheckpointPath(path: string): CheckpointRef | null {
  const [, runId, folder, name] = PATH.exec(path) ?? [];
  return checkpointRef(runId ?? "", `${folder}/${name}`);
}

/** The same from a run id and a checkpoint id (`weights/NAME`). */
export function checkpointRef(runId: string, checkpointId: string): CheckpointRef | null {
  const [folder, name = "", ...rest] = checkpointId.split("/");
  if (folder !== "weights" && folder !== "sampler_weights") return null;
  if (rest.length > 0 || !isRunId(runId) || !NAME.test(name)) return null;
  return { runId, folder, name };
}

export function checkpointPath(
  { runId, folder, name }: CheckpointRef,
  scheme: PathScheme = "twinkle",
): string {
  return `${scheme}://${runId}/${folder}/${name}`;
}

/** Run ids become folder names: nothing else may reach the disk. */
export function isRunId(id: string): boolean {
  return RUN_ID.test(id);
}

/** Every character but letters, digits, `_` and `-` becomes `_`, as on Twinkle; what a file name cannot hold is cut. */
export function checkpointName(wanted: string): string {
  let name = "";
  for (const character of wanted) {
    const next = name + (NAME.test(character) ? character : "_");
    if (Buffer.byteLength(next) > MAX_NAME_BYTES) break;
    name = next;
  }
  return DEVICE_NAME.test(name) ? `${name}_` : name;
}

/** `YYYYMMDD_HHMMSS` in local time. */
export function timeStamp(now: number): string {
  const local = new Date(now - new Date(now).getTimezoneOffset() * 60_000).toISOString();
  return local.slice(0, 19).replace(/[-:]/g, "").replace("T", "_");
}

export function newRunId(baseModel: string, now: number, hex: string): string {
  return `${timeStamp(now)}-${baseModel.replace(/[^A-Za-z0-9-]/g, "_").slice(0, 80)}-${hex.slice(0, 8)}`;
}
