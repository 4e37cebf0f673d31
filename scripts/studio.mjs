#!/usr/bin/env node
/* `npm run -s studio -- COMMAND`: the command line. */
import path from "node:path";
import { fileURLToPath } from "node:url";
import { defaultDataDir } from "./studio/flags.mjs";
import { ensurePackages } from "./studio/install.mjs";
import { whenOrphaned } from "./studio/processes.mjs";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const stopped = new AbortController();
const interrupt = () => stopped.abort(new DOMException("Interrupted.", "AbortError"));
for (const signal of ["SIGINT", "SIGTERM"]) {
  // Once: in order. Twice: now.
  process.on(signal, () => (stopped.signal.aborted ? process.exit(130) : interrupt()));
}
// A signal to npm alone ends npm's shell, which passes nothing on. Without npm, a shell may end and leave its jobs behind.
if (process.env.npm_lifecycle_event === "studio") whenOrphaned(interrupt);

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
