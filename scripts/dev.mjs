#!/usr/bin/env node
/* `npm run dev`: the same as `npm start` from the sources, with reload. */
import path from "node:path";
import { fileURLToPath } from "node:url";
import { runStudio } from "./studio/run.mjs";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");

await runStudio({
  root,
  prepare: async () => {},
  serverArgs: ["--import", "tsx", path.join("lib", "server", "main.ts")],
  studioArgs: [path.join("node_modules", "next", "dist", "bin", "next"), "dev"],
  showOutput: true,
});
