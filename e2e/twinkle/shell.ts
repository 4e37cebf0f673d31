import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { startChild, type RunningChild } from "../servers/child";
import { ROOT, type Hub } from "../servers/studio";

const SCRIPT = path.join(ROOT, "scripts", "studio.mjs");
const run = promisify(execFile);

/** The command line in a folder of its own, which is its data folder too. */
export interface Shell {
  /** The one JSON value that a command prints; where it ends with another code than 0, rejects with `code`, `stdout` and `stderr`. */
  json: <Value>(...args: string[]) => Promise<Value>;
  /** A `train` that has trained a step. */
  startTraining: (...args: string[]) => Promise<RunningChild>;
  write: (file: string, text: string) => Promise<void>;
}

export async function withShell(hub: Hub, use: (shell: Shell) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), "studio-shell-"));
  const env = { STUDIO_DATA_DIR: folder, MODELSCOPE_ENDPOINT: hub.url, HF_ENDPOINT: hub.url };
  try {
    await use({
      json: async <Value>(...args: string[]) => {
        const options = { cwd: folder, env: { ...process.env, ...env } };
        const { stdout } = await run("node", [SCRIPT, ...args, "--json"], options);
        return JSON.parse(stdout) as Value;
      },
      startTraining: (...args) =>
        startChild("node", [SCRIPT, "train", ...args], {
          ...{ cwd: folder, env, ready: /step [1-9]/, timeoutMs: 120_000 },
        }),
      write: (file, text) => writeFile(path.join(folder, file), text),
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
