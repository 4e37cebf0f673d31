import { spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { ensureBuild } from "../studio/build.mjs";
import { runToEnd } from "../studio/processes.mjs";
import { freePort, waitUntilAnswers } from "../studio/ports.mjs";
import { alternate, time } from "./statistics.mjs";
import { startStudio } from "./studio-under-test.mjs";

const ROUNDS = 3;

/** `npm start` on a fresh clone until the first page, and a second start against Next alone. */
export async function measure({ root, say }) {
  say("fresh clone ...");
  const fresh = await measureFreshClone(root);
  say("second start ...");
  await ensureBuild(root, { say });
  const second = await alternate(
    ROUNDS,
    () => startAndStop(root),
    () => startNextAlone(root),
  );
  return [
    {
      work: "npm start on a fresh clone to the first page",
      ours: fresh / 1000,
      peer: null,
      unit: "s",
      atLeast: 180,
      aim: 120,
    },
    {
      work: "second start, against Next alone",
      ours: second.ours,
      peer: second.peer,
      unit: "ms",
      atLeast: null,
      aim: 0.5,
    },
  ];
}

async function measureFreshClone(root) {
  const clone = fs.mkdtempSync(path.join(os.tmpdir(), "studio-clone-"));
  try {
    await runToEnd("git", ["clone", "--quiet", "--depth", "1", `file://${root}`, clone], {
      cwd: root,
    });
    let studio;
    const elapsed = await time(async () => {
      studio = await startStudio(clone);
      await (await fetch(studio.url)).text();
    });
    await studio.stop();
    return elapsed;
  } finally {
    fs.rmSync(clone, { recursive: true, force: true });
  }
}

async function startAndStop(root) {
  let studio;
  const elapsed = await time(async () => (studio = await startStudio(root)));
  await studio.stop();
  return elapsed;
}

async function startNextAlone(root) {
  const port = await freePort(33_000);
  const next = path.join("node_modules", "next", "dist", "bin", "next");
  const child = spawn(process.execPath, [next, "start", "-H", "127.0.0.1", "-p", String(port)], {
    cwd: root,
    env: { ...process.env, SESSION_SECRET: "x".repeat(40) },
    stdio: "ignore",
  });
  const ended = new Promise((resolve) => child.once("close", resolve));
  const elapsed = await time(() =>
    waitUntilAnswers(`http://127.0.0.1:${port}/api/session`, {
      timeoutMs: 60_000,
      signal: new AbortController().signal,
    }),
  );
  child.kill("SIGTERM");
  await ended;
  return elapsed;
}
