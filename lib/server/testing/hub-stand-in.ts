import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

export interface HubStandIn {
  endpoint: string;
  /** Everything it holds, by `models/OWNER/NAME`. */
  repositories: () => Record<
    string,
    { Visibility: number; files: Record<string, { sha256: string; size: number }> }
  >;
  /** One line per request that it answered. */
  log: () => string[];
  stop: () => Promise<void>;
}

const SCRIPT = fileURLToPath(new URL("../../../e2e/servers/hub/stand_in.py", import.meta.url));

/**
 * A stand-in of the model hubs as a process of its own: user `alice`, tokens `ms-good` (write) and `ms-read`.
 *
 * @param flags - its own flags, such as `--seed` with a folder of repositories
 */
export async function startHubStandIn(flags: readonly string[] = []): Promise<HubStandIn> {
  const root = mkdtempSync(path.join(tmpdir(), "hub-"));
  const logFile = path.join(root, "hub.log");
  const args = ["--port", "0", "--root", root, "--log", logFile, ...flags];
  const hub = spawn("python3", [SCRIPT, ...args], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [line] = (await once(hub.stdout, "data")) as [Buffer];
  const read = (file: string, otherwise: string) => {
    try {
      return readFileSync(file, "utf8");
    } catch {
      return otherwise;
    }
  };
  return {
    endpoint: /http:\/\/[\d.:]+/.exec(line.toString())?.[0] ?? "",
    repositories: () =>
      JSON.parse(read(path.join(root, "repos.json"), "{}")) as ReturnType<
        HubStandIn["repositories"]
      >,
    log: () => read(logFile, "").split("\n").filter(Boolean),
    stop: async () => {
      hub.kill();
      await once(hub, "close");
      rmSync(root, { recursive: true, force: true });
    },
  };
}
