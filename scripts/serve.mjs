#!/usr/bin/env node
/* `npm run -s studio -- serve`: the studio alone, for a host. What its environment must hold is in docs/own-server.md. */
import { spawn } from "node:child_process";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { ensureBuild } from "./studio/build.mjs";
import { whenOrphaned } from "./studio/processes.mjs";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const { values } = parseArgs({
  options: {
    host: { type: "string", default: "127.0.0.1" },
    port: { type: "string", default: "3000" },
  },
});

await ensureBuild(root, { say: (line) => console.error(line) });
const next = path.join(root, "node_modules", "next", "dist", "bin", "next");
const studio = spawn(
  process.execPath,
  [next, "start", "--hostname", values.host, "--port", values.port],
  { cwd: root, stdio: "inherit", env: { ...process.env, NODE_ENV: "production" } },
);
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => studio.kill(signal));
whenOrphaned(() => studio.kill());
studio.on("exit", (code) => process.exit(code ?? 1));
