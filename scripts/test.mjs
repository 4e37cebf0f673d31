#!/usr/bin/env node
/* `npm test`: sets up what is missing and runs every check and test, browser tests included. */
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { ensureSmolLM2 } from "../e2e/models/setup.mjs";
import { ensureBrowser } from "./studio/browser.mjs";
import { ensureBuild } from "./studio/build.mjs";
import { ensureEngineNode } from "./studio/engine-node.mjs";
import { ensurePackages } from "./studio/install.mjs";
import { runToEnd } from "./studio/processes.mjs";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const reports = fs.mkdtempSync(path.join(os.tmpdir(), "studio-reports-"));
const unitReport = path.join(reports, "unit.json");
const engineReport = path.join(reports, "engine.json");
const modelReport = path.join(reports, "models.json");
const sdkReport = path.join(reports, "sdk.xml");
const browserReport = path.join(reports, "browser.json");
const say = (line) => console.log(`\n== ${line}`);
const bin = (name, ...args) => [path.join("node_modules", ...name), ...args];
const env = {
  ...process.env,
  NEXT_TELEMETRY_DISABLED: "1",
  PLAYWRIGHT_JSON_OUTPUT_NAME: browserReport,
};

const vitest = (report, ...args) => [
  ...bin(["vitest", "vitest.mjs"], "run", ...args),
  ...["--reporter=default", "--reporter=json", `--outputFile.json=${report}`],
];
const onEngineNode = (args) => ["scripts/on-engine-node.mjs", ...args];

const STEPS = [
  ["Formatting", bin(["prettier", "bin", "prettier.cjs"], "--check", "--log-level", "warn", ".")],
  ["Types of the routes", bin(["next", "dist", "bin", "next"], "typegen")],
  ["Lint", bin(["eslint", "bin", "eslint.js"], ".", "--max-warnings", "0")],
  ["Types", bin(["typescript", "bin", "tsc"], "--noEmit")],
  ["Unused files, exports and packages", bin(["knip", "bin", "knip.js"])],
  ["Unit tests", vitest(unitReport)],
  [
    "The engine's tests on the local server's Node",
    onEngineNode(vitest(engineReport, "-c", "vitest.engine.config.ts")),
  ],
];

try {
  say("Packages");
  await ensurePackages(root, { say, show: true });
  await ensureEngineNode({ say });
  for (const [name, args] of STEPS) await run(name, args);
  await run("The official Python SDK on the local server", [
    "e2e/sdk/run.mjs",
    `--junitxml=${sdkReport}`,
  ]);
  say("A real language model");
  await ensureSmolLM2({ say });
  await run(
    "Its reference figures",
    onEngineNode(vitest(modelReport, "-c", "e2e/models/vitest.config.ts")),
  );
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
  say("Not run here: the real Twinkle Server (npm run test:twinkle, 2.3 GB the first time)");
  const { passed, failed } = sumReports();
  // A step that ends before it counts has failed too.
  console.log(`\n${passed} passed, ${process.exitCode ? Math.max(1, failed) : failed} failed`);
  fs.rmSync(reports, { recursive: true, force: true });
}

async function run(name, args) {
  say(name);
  await runToEnd(process.execPath, args, { cwd: root, env, show: true });
}

function sumReports() {
  const counts = [
    vitestCounts(unitReport),
    vitestCounts(engineReport),
    pytestCounts(sdkReport),
    vitestCounts(modelReport),
    playwrightCounts(browserReport),
  ];
  return {
    passed: counts.reduce((sum, { passed }) => sum + passed, 0),
    failed: counts.reduce((sum, { failed }) => sum + failed, 0),
  };
}

function vitestCounts(file) {
  const { numPassedTests: passed = 0, numFailedTests: failed = 0 } = JSON.parse(read(file) ?? "{}");
  return { passed, failed };
}

function playwrightCounts(file) {
  const { expected = 0, flaky = 0, unexpected = 0 } = JSON.parse(read(file) ?? "{}").stats ?? {};
  return { passed: expected + flaky, failed: unexpected };
}

function pytestCounts(file) {
  const suite = /<testsuite [^>]*>/.exec(read(file) ?? "")?.[0] ?? "";
  const count = (name) => Number(new RegExp(` ${name}="(\\d+)"`).exec(suite)?.[1] ?? 0);
  const failed = count("failures") + count("errors");
  return { passed: count("tests") - failed - count("skipped"), failed };
}

function read(file) {
  return fs.existsSync(file) ? fs.readFileSync(file, "utf8") : null;
}
