#!/usr/bin/env node
/* `npm run test:sdk`: the official Python SDK against the real local server and a stand-in of the model hub. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { ensureEngineNode } from "../../scripts/studio/engine-node.mjs";
import { ensureVenv } from "../../scripts/studio/venv.mjs";

const READY_MS = 60_000;
const TESTS_MS = 600_000;
/** Short, so that ordinary calls meet `try_again` too. */
const LONG_POLL_SECONDS = "1";

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.resolve(here, "..", "..");
const scratch = fs.mkdtempSync(path.join(os.tmpdir(), "studio-sdk-"));
const children = [];
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.once(signal, () => stop());

try {
  const python = await ensureVenv(path.join(here, "tinker-sdk.txt"), {
    say: console.log,
    pipFlags: ["--no-deps"],
  });
  const hub = await start("python3", [
    "-u",
    path.join(root, "e2e", "servers", "hub", "stand_in.py"),
    ...["--port", "0", "--root", path.join(scratch, "hub")],
  ]);
  const engineNode = await ensureEngineNode({ say: console.log });
  const server = await start(
    engineNode.command,
    [
      ...engineNode.flags,
      ...["--import", "tsx", path.join(root, "lib", "server", "main.ts")],
      ...["--port", "0", "--data-dir", path.join(scratch, "data")],
      ...["--long-poll", LONG_POLL_SECONDS, "--max-loras", "64"],
    ],
    { MODELSCOPE_ENDPOINT: hub },
  );
  process.exitCode = await runTests(python, {
    SDK_SERVER: server,
    SDK_HUB: hub,
    HF_ENDPOINT: `${server}/api/v1/studio/models`,
    HF_HOME: path.join(scratch, "huggingface"),
    TINKER_TELEMETRY: "1",
    NO_PROXY: "127.0.0.1",
  });
} catch (error) {
  console.error(error.message);
  console.log("0 passed, 1 failed");
  process.exitCode = 1;
} finally {
  await stop();
  fs.rmSync(scratch, { recursive: true, force: true });
}

/** Starts a server and resolves with the first address that it prints. */
function start(command, args, env = {}) {
  const child = spawn(command, args, {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  children.push(child);
  return new Promise((resolve, reject) => {
    let output = "";
    const fail = (why) => reject(new Error(`${command} ${args.join(" ")} ${why}:\n${output}`));
    const timer = setTimeout(() => fail("gave no address"), READY_MS);
    const collect = (chunk) => {
      output += chunk;
      const address = /http:\/\/127\.0\.0\.1:\d+/.exec(output)?.[0];
      if (!address) return;
      clearTimeout(timer);
      resolve(address);
    };
    child.stdout.on("data", collect);
    child.stderr.on("data", collect);
    child.once("error", (error) => fail(error.message));
    child.once("close", (code) => fail(`ended with code ${code}`));
  });
}

/** Runs pytest with what the command line says, shows its output, and prints the counts in one line at the end. */
async function runTests(python, env) {
  const options = ["--rootdir", here, "-q", "-p", "no:cacheprovider", "--durations=3"];
  const temporary = `--basetemp=${path.join(scratch, "pytest")}`;
  const args = ["-m", "pytest", ...options, temporary, here, ...process.argv.slice(2)];
  const tests = spawn(python, args, {
    cwd: scratch,
    env: { ...process.env, ...env, PYTHONDONTWRITEBYTECODE: "1" },
    stdio: ["ignore", "pipe", "inherit"],
    timeout: TESTS_MS,
  });
  children.push(tests);
  let output = "";
  tests.stdout.on("data", (chunk) => {
    output = (output + chunk).slice(-2_000);
    process.stdout.write(chunk);
  });
  const [code] = await once(tests, "close");
  const summary = output.trim().split("\n").at(-1);
  const count = (word) => Number(new RegExp(`(\\d+) ${word}`).exec(summary)?.[1] ?? 0);
  const failed = count("failed") + count("error");
  // Pytest counts nothing when it could not even collect.
  console.log(`${count("passed")} passed, ${code === 0 ? failed : Math.max(1, failed)} failed`);
  return code ?? 1;
}

async function stop() {
  const running = children.filter((child) => child.exitCode === null && child.signalCode === null);
  for (const child of running) child.kill("SIGTERM");
  await Promise.all(running.map((child) => once(child, "close")));
}
