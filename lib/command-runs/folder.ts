import fs from "node:fs";
import path from "node:path";

/** Where the command line keeps the journals of its runs, and the studio finds them. */
export function commandRunsFolder(dataDir: string): string {
  return path.join(dataDir, "command-runs");
}

/** Lets the studio find the journal of a run that is kept elsewhere; where links are not allowed it does without. */
export function linkJournal(folder: string, commandRuns: string, key: string): void {
  const name = `${key}.jsonl`;
  try {
    fs.mkdirSync(commandRuns, { recursive: true });
    fs.rmSync(path.join(commandRuns, name), { force: true });
    fs.symlinkSync(path.join(folder, name), path.join(commandRuns, name));
  } catch {
    // The run does not depend on it.
  }
}

/** The folder in which a journal really lies: the other end of its link. */
export function journalFolder(commandRuns: string, key: string): string {
  try {
    return path.dirname(fs.realpathSync(path.join(commandRuns, `${key}.jsonl`)));
  } catch {
    return commandRuns;
  }
}
