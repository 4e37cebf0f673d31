#!/usr/bin/env node
/* `npm run test:twinkle`: the studio in a browser against a real Twinkle Server on the CPU, with Ray and all. */
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { ensureBrowser } from "../../scripts/studio/browser.mjs";
import { ensureBuild } from "../../scripts/studio/build.mjs";
import { ensurePackages } from "../../scripts/studio/install.mjs";
import { freePort } from "../../scripts/studio/ports.mjs";
import { runToEnd } from "../../scripts/studio/processes.mjs";
import { ensureTwinkleServer } from "../servers/twinkle/setup.mjs";

const FIRST_PORT = 8100;
const FIRST_HUB_PORT = 8200;
/** Seconds; short, so that a test can see a slot come free after its tab was closed. */
const ADAPTER_TIMEOUT = "30";
const MODEL = "Qwen/Qwen2-Tiny";

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.resolve(here, "..", "..");
const say = (line) => console.log(line);
const state = fs.mkdtempSync(path.join(os.tmpdir(), "studio-twinkle-"));
const report = process.env.PLAYWRIGHT_JSON_OUTPUT_NAME ?? path.join(state, "report.json");
const script = path.join(root, "e2e", "servers", "twinkle", "server.py");
/** What runs now: it ends first, then the server that it uses is stopped. Playwright tidies up on SIGINT alone. */
let running = null;
const keep = (child) => (running = child);
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"])
  process.once(signal, () => running?.kill("SIGINT"));

try {
  await ensurePackages(root, { say, keep });
  await ensureBuild(root, { say, keep });
  await ensureBrowser(root, { say });
  const { python, model } = await ensureTwinkleServer({ say });
  const port = await freePort(FIRST_PORT);
  const hubPort = await freePort(FIRST_HUB_PORT);
  const hub = `http://127.0.0.1:${hubPort}`;
  say("Starting Twinkle Server (about a minute) ...");
  const started = await runToEnd(
    python,
    [
      ...[script, "start", "--port", String(port), "--state", state],
      ...["--model", model, "--model-name", MODEL, "--adapter-timeout", ADAPTER_TIMEOUT],
    ],
    { keep, env: { ...process.env, MODELSCOPE_ENDPOINT: hub } },
  );
  say(started.trim());
  await runToEnd(
    process.execPath,
    [
      path.join(root, "node_modules", "@playwright", "test", "cli.js"),
      ...["test", "-c", here, "--reporter=list,json", ...process.argv.slice(2)],
    ],
    {
      cwd: root,
      show: true,
      keep,
      env: {
        ...process.env,
        PLAYWRIGHT_JSON_OUTPUT_NAME: report,
        TWINKLE_URL: `http://127.0.0.1:${port}`,
        TWINKLE_MODEL: MODEL,
        TWINKLE_MODEL_FOLDER: model,
        TWINKLE_PYTHON: python,
        TWINKLE_HUB_PORT: String(hubPort),
      },
    },
  );
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
} finally {
  printCounts();
  await stop();
}

function printCounts() {
  const {
    expected = 0,
    flaky = 0,
    unexpected = 0,
  } = fs.existsSync(report) ? JSON.parse(fs.readFileSync(report, "utf8")).stats : {};
  const failed = process.exitCode ? Math.max(1, unexpected) : unexpected;
  console.log(`${expected + flaky} passed, ${failed} failed`);
}

async function stop() {
  await runToEnd("python3", [script, "stop", "--state", state]).catch((error) =>
    console.error(error.message),
  );
  fs.rmSync(state, { recursive: true, force: true });
}
