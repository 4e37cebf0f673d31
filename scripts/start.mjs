#!/usr/bin/env node
/* `npm start`: installs, builds when sources changed, runs the local server and the studio. Needs nothing installed. */
import path from "node:path";
import { fileURLToPath } from "node:url";
import { ensureBuild } from "./studio/build.mjs";
import { runStudio } from "./studio/run.mjs";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");

await runStudio({
  root,
  prepare: async (tools) => void (await ensureBuild(root, tools)),
  serverArgs: [path.join("dist", "server", "main.mjs")],
  studioArgs: [path.join("node_modules", "next", "dist", "bin", "next"), "start"],
  showOutput: false,
});
