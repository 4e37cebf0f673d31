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
  const file = path.join(folder, `${key}.lock`);
  for (;;) {
    try {
      fs.writeFileSync(file, String(process.pid), { flag: "wx" });
      return () => fs.rmSync(file, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
    const owner = Number(readOrEmpty(file));
    if (owner > 0 && isAlive(owner))
      throw new StudioError("run_locked", `Process ${owner} drives this run already (${file}).`);
    fs.rmSync(file, { force: true });
  }
}

function readOrEmpty(file: string): string {
  try {
    return fs.readFileSync(file, "utf8");
  } catch {
    return "";
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
