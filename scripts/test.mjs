#!/usr/bin/env node
/* `npm test`: sets up what is missing and runs every check and test, browser tests included. */
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { ensureBrowser } from "./studio/browser.mjs";
import { ensureBuild } from "./studio/build.mjs";
import { ensurePackages } from "./studio/install.mjs";
import { runToEnd } from "./studio/processes.mjs";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const reports = fs.mkdtempSync(path.join(os.tmpdir(), "studio-reports-"));
const unitReport = path.join(reports, "unit.json");
const browserReport = path.join(reports, "browser.json");
const say = (line) => console.log(`\n== ${line}`);
const bin = (name, ...args) => [path.join("node_modules", ...name), ...args];
const env = {
  ...process.env,
  NEXT_TELEMETRY_DISABLED: "1",
  PLAYWRIGHT_JSON_OUTPUT_NAME: browserReport,
};

const STEPS = [
  ["Formatting", bin(["prettier", "bin", "prettier.cjs"], "--check", "--log-level", "warn", ".")],
  ["Types of the routes", bin(["next", "dist", "bin", "next"], "typegen")],
  ["Lint", bin(["eslint", "bin", "eslint.js"], ".", "--max-warnings", "0")],
  ["Types", bin(["typescript", "bin", "tsc"], "--noEmit")],
  ["Unused files, exports and packages", bin(["knip", "bin", "knip.js"])],
  [
    "Unit tests",
    bin(
      ["vitest", "vitest.mjs"],
      "run",
      "--reporter=default",
      "--reporter=json",
      `--outputFile.json=${unitReport}`,
    ),
  ],
];

try {
  say("Packages");
  await ensurePackages(root, { say, show: true });
  for (const [name, args] of STEPS) await run(name, args);
  say("Build");
  await ensureBuild(root, { say, show: true });
  say("Browser");
  await ensureBrowser(root, { say });
  await run(
    "Browser tests",
    bin(["@playwright", "test", "cli.js"], "test", "-c", "e2e", "--reporter=list,json"),
  );
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
} finally {
  const { passed, failed } = sumReports();
  console.log(`\n${passed} passed, ${failed} failed`);
  fs.rmSync(reports, { recursive: true, force: true });
}

async function run(name, args) {
  say(name);
  await runToEnd(process.execPath, args, { cwd: root, env, show: true });
}

function sumReports() {
  const unit = readJson(unitReport);
  const browser = readJson(browserReport);
  return {
    passed:
      (unit?.numPassedTests ?? 0) + (browser ? browser.stats.expected + browser.stats.flaky : 0),
    failed: (unit?.numFailedTests ?? 0) + (browser?.stats.unexpected ?? 0),
  };
}

function readJson(file) {
  return fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, "utf8")) : null;
}
