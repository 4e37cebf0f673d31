#!/usr/bin/env node
/* `npm run -s studio -- COMMAND`: the command line. */
import path from "node:path";
import { fileURLToPath } from "node:url";
import { defaultDataDir } from "./studio/flags.mjs";
import { ensurePackages } from "./studio/install.mjs";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const stopped = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"]) {
  process.on(signal, () => {
    // Once: in order. Twice: now.
    if (stopped.signal.aborted) process.exit(130);
    stopped.abort(new DOMException("Interrupted.", "AbortError"));
  });
}

await ensurePackages(root, { say: (line) => console.error(line) });
process.env.TSX_TSCONFIG_PATH = path.join(root, "tsconfig.json");
const { register } = await import("tsx/esm/api");
register();
const { main } = await import("../lib/cli/main.ts");

process.exitCode = await main(process.argv.slice(2), {
  env: process.env,
  dataDir: process.env.STUDIO_DATA_DIR || defaultDataDir(),
  // npm runs scripts in the project's folder and says where it was called.
  cwd: process.cwd() === root ? (process.env.INIT_CWD ?? root) : process.cwd(),
  signal: stopped.signal,
  stdout: process.stdout,
  stderr: process.stderr,
});
