import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { UsageError, type Command } from "../command";
import { parseFlags } from "../flags";
import { numberFlag } from "../number-flag";

const SCRIPT = fileURLToPath(new URL("../../../scripts/serve.mjs", import.meta.url));

/** The studio without a training server of its own, until Ctrl-C. */
export const serve: Command = {
  usage: [
    [
      "serve [--host ADDRESS] [--port N]",
      "the studio alone, for a host; its environment and a checklist are in docs/own-server.md",
    ],
  ],
  run: async (args, { env, signal }) => {
    checkArguments(args);
    const child = spawn(process.execPath, [SCRIPT, ...args], {
      ...{ cwd: path.dirname(path.dirname(SCRIPT)), env: env as NodeJS.ProcessEnv },
      // What it says is no result.
      stdio: ["ignore", 2, 2],
    });
    const onAbort = () => child.kill("SIGTERM");
    signal.addEventListener("abort", onAbort, { once: true });
    const [code] = (await once(child, "exit")) as [number | null];
    signal.removeEventListener("abort", onAbort);
    if (code !== 0 && !signal.aborted) throw new Error("The studio ended by itself.");
    return { value: { ended: true }, text: "The studio has ended." };
  },
};

function checkArguments(args: readonly string[]): void {
  const options = { host: { type: "string" }, port: { type: "string" } } as const;
  const { positionals, values } = parseFlags(args, options);
  if (positionals.length > 0) throw new UsageError("serve takes flags only.");
  numberFlag("port", values.port, { min: 1, max: 65_535, isWhole: true });
}
