import { commandOf } from "@/lib/training/as-command";
import { pythonOf } from "@/lib/training/as-python";
import type { RunConfig } from "@/lib/training/types";

/** Where the command line looks by itself. */
const LOCAL_SERVER = "http://127.0.0.1:8000";

export interface CodeOfRun {
  fileName: string;
  text: string;
}

/** A run as texts that repeat it elsewhere; neither holds a token. */
export function runAsCode(
  config: RunConfig,
  serverUrl: string = LOCAL_SERVER,
): Record<"command" | "python", CodeOfRun> {
  const command = commandOf(config, { serverUrl: serverUrl === LOCAL_SERVER ? null : serverUrl });
  return {
    command: { fileName: "run.sh", text: `${command}\n` },
    python: { fileName: "run.py", text: pythonOf(config, { serverUrl }) },
  };
}
