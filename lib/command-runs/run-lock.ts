import fs from "node:fs";
import path from "node:path";
import { StudioError } from "@/lib/base/errors";

/**
 * Takes a run for this process, by a file with its number; the file of a process that is gone is no hindrance.
 *
 * @returns what lets it go
 * @throws StudioError `run_locked` while another process drives the run
 */
export function lockRun(folder: string, key: string): () => void {
  fs.mkdirSync(folder, { recursive: true });
  const file = lockFile(folder, key);
  for (;;) {
    try {
      fs.writeFileSync(file, String(process.pid), { flag: "wx" });
      return () => fs.rmSync(file, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
    const owner = ownerOf(file);
    if (owner !== null)
      throw new StudioError("run_locked", `Process ${owner} drives this run already (${file}).`);
    fs.rmSync(file, { force: true });
  }
}

/** True while a process has the run. */
export function isLocked(folder: string, key: string): boolean {
  return ownerOf(lockFile(folder, key)) !== null;
}

function lockFile(folder: string, key: string): string {
  return path.join(folder, `${key}.lock`);
}

/** The process that has the lock; null when none is alive. */
function ownerOf(file: string): number | null {
  try {
    const pid = Number(fs.readFileSync(file, "utf8"));
    return pid > 0 && isAlive(pid) ? pid : null;
  } catch {
    return null;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
