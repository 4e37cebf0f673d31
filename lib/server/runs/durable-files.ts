import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";

const SAVING = ".saving-";
const REPLACED = ".replaced-";

/**
 * Writes a folder so that a reader sees the old content or the new one, also after a power cut: into a temporary
 * folder beside it, every file flushed, then renamed. Synchronous, because other code in this process must not see
 * the moment between the two renames of an overwrite.
 */
export function writeFolder(target: string, files: Record<string, string | Uint8Array>): void {
  const parent = path.dirname(target);
  mkdirSync(parent, { recursive: true });
  const temporary = path.join(parent, `${SAVING}${process.pid}-${path.basename(target)}`);
  rmSync(temporary, { recursive: true, force: true });
  try {
    mkdirSync(temporary);
    for (const [name, content] of Object.entries(files)) {
      writeFlushed(path.join(temporary, name), content);
    }
    flushFolder(temporary);
  } catch (error) {
    rmSync(temporary, { recursive: true, force: true });
    throw error;
  }
  const replaced = path.join(parent, `${REPLACED}${process.pid}-${path.basename(target)}`);
  if (existsSync(target)) renameSync(target, replaced);
  renameSync(temporary, target);
  flushFolder(parent);
  rmSync(replaced, { recursive: true, force: true });
}

/** Writes one file with the same guarantee. */
export function writeFileDurably(target: string, content: string): void {
  const parent = path.dirname(target);
  mkdirSync(parent, { recursive: true });
  const temporary = path.join(parent, `${SAVING}${process.pid}-${path.basename(target)}`);
  writeFlushed(temporary, content);
  renameSync(temporary, target);
  flushFolder(parent);
}

/** Removes a folder so that a crash leaves it whole or gone. */
export function removeFolder(target: string): void {
  const doomed = path.join(
    path.dirname(target),
    `${SAVING}${process.pid}-removed-${path.basename(target)}`,
  );
  rmSync(doomed, { recursive: true, force: true });
  renameSync(target, doomed);
  flushFolder(path.dirname(target));
  rmSync(doomed, { recursive: true, force: true });
}

/** Finishes what a killed process left in a folder: drops half-written content and puts replaced content back. */
export function recoverFolder(folder: string): void {
  for (const entry of readdirSync(folder)) {
    const [, kind, pid, name = ""] = /^(\.saving-|\.replaced-)(\d+)-(.+)$/s.exec(entry) ?? [];
    if (!kind || isRunning(Number(pid))) continue;
    const isOnlyCopy = kind === REPLACED && !existsSync(path.join(folder, name));
    if (isOnlyCopy) renameSync(path.join(folder, entry), path.join(folder, name));
    else rmSync(path.join(folder, entry), { recursive: true, force: true });
  }
}

function writeFlushed(file: string, content: string | Uint8Array): void {
  const handle = openSync(file, "w");
  try {
    writeFileSync(handle, content);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** Makes a rename in the folder survive a power cut. Windows cannot open folders and flushes renames itself. */
function flushFolder(folder: string): void {
  if (process.platform === "win32") return;
  const handle = openSync(folder, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** Another server on the same folder may be writing this very moment. */
function isRunning(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
