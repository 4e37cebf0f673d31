import { existsSync, readdirSync, renameSync, rmSync } from "node:fs";
import { mkdir, open, rename, rm } from "node:fs/promises";
import path from "node:path";

import { refusal } from "../http/errors";

const SAVING = ".saving-";
const REPLACED = ".replaced-";
const DISK_IS_FULL = ["ENOSPC", "EDQUOT", "EFBIG"];

let written = 0;

/**
 * Writes a folder so that a reader sees the old content or the new one, also after a power cut: into a temporary
 * folder beside it, every file flushed, then renamed. On disk when it resolves; on failure the old content stays.
 * Two writes of the same folder must not overlap.
 *
 * @throws WireError 507 when the disk is full
 */
export async function writeFolder(
  target: string,
  files: Record<string, string | Uint8Array>,
): Promise<void> {
  await throughTemporary(target, async (temporary) => {
    await mkdir(temporary);
    for (const [name, content] of Object.entries(files)) {
      await writeFlushed(path.join(temporary, name), content);
    }
    await flushFolder(temporary);
    swapIn(temporary, target);
  });
  await rm(replacedOf(target), { recursive: true, force: true });
}

/** Writes one file with the same guarantee; overlapping writes are fine, the last rename wins. */
export async function writeFileDurably(target: string, content: string): Promise<void> {
  await throughTemporary(target, async (temporary) => {
    await writeFlushed(temporary, content);
    await rename(temporary, target);
  });
}

/** Removes a folder so that a crash leaves it whole or gone. */
export async function removeFolder(target: string): Promise<void> {
  const doomed = temporaryFor(target);
  renameSync(target, doomed);
  await flushFolder(path.dirname(target));
  await rm(doomed, { recursive: true, force: true });
}

/** Makes a folder and those above it that are missing; they survive a power cut. */
export async function makeFolder(folder: string): Promise<void> {
  const whole = path.resolve(folder);
  const first = await mkdir(whole, { recursive: true });
  if (first === undefined) return;
  for (let made = whole; made.length >= first.length; made = path.dirname(made))
    await flushFolder(path.dirname(made));
}

/** Finishes what a killed process left in a folder: drops half-written content and puts replaced content back. */
export function recoverFolder(folder: string): void {
  for (const entry of readdirSync(folder)) {
    const [, kind, pid, name = ""] = /^(\.saving-|\.replaced-)(\d+)-(.+)$/s.exec(entry) ?? [];
    if (!kind) continue;
    const full = path.join(folder, entry);
    // Whoever made it: the only copy of a checkpoint is never left aside.
    if (kind === REPLACED && !existsSync(path.join(folder, name)))
      renameSync(full, path.join(folder, name));
    else if (!isRunning(Number(pid))) rmSync(full, { recursive: true, force: true });
  }
}

/** True for another process that lives: it may be writing this very moment. */
export function isRunning(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function throughTemporary(
  target: string,
  write: (temporary: string) => Promise<void>,
): Promise<void> {
  const parent = path.dirname(target);
  const temporary = temporaryFor(target);
  try {
    await makeFolder(parent);
    await rm(temporary, { recursive: true, force: true });
    await write(temporary);
    await flushFolder(parent);
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    throw isFullDisk(error)
      ? refusal(
          507,
          "The disk is full: nothing was saved, and what was saved before is still there. Free some space and save again.",
        )
      : error;
  }
}

/** Synchronous, because other code in this process must not see the moment between the two renames of an overwrite. */
function swapIn(temporary: string, target: string): void {
  if (!existsSync(target)) return renameSync(temporary, target);
  const replaced = replacedOf(target);
  rmSync(replaced, { recursive: true, force: true });
  renameSync(target, replaced);
  try {
    renameSync(temporary, target);
  } catch (error) {
    renameSync(replaced, target);
    throw error;
  }
}

function replacedOf(target: string): string {
  return path.join(path.dirname(target), `${REPLACED}${process.pid}-${path.basename(target)}`);
}

function temporaryFor(target: string): string {
  const name = `${SAVING}${process.pid}-${written++}-${path.basename(target)}`;
  return path.join(path.dirname(target), name);
}

async function writeFlushed(file: string, content: string | Uint8Array): Promise<void> {
  const handle = await open(file, "w");
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Makes a rename in the folder survive a power cut. Windows cannot open folders and flushes renames itself. */
async function flushFolder(folder: string): Promise<void> {
  if (process.platform === "win32") return;
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

export function isFullDisk(error: unknown): boolean {
  return DISK_IS_FULL.includes((error as NodeJS.ErrnoException).code ?? "");
}
