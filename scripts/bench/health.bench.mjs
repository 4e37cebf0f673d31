import { spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { bundleServer } from "../studio/build.mjs";
import { ensureEngineNode } from "../studio/engine-node.mjs";
import { Worker } from "node:worker_threads";
import { quantile } from "./statistics.mjs";

const SECONDS = 15;
const PAUSE_MS = 5;
/** How long a health check waits while two runs train with the largest batches that a call may have, and one saves. */
export async function measure({ root, say }) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "health-bench-"));
  await bundleServer(root, folder);
  const { command, flags } = await ensureEngineNode({ say });
  const server = spawn(
    command,
    [
      ...flags,
      ...[path.join(folder, "main.mjs"), "--port", "0", "--data-dir", path.join(folder, "data")],
      ...["--builtin", path.join(root, "lib", "server", "builtin")],
    ],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  try {
    const [line] = await once(server.stdout, "data");
    const base = `${/http:\/\/\S+/.exec(line.toString())[0]}/api/v1`;
    // The first request loads this process's HTTP client and opens its connection, which is not the server's wait.
    await checkHealth(base);
    say("two runs train ...");
    const load = new Worker(new URL("./health/train-load.mjs", import.meta.url), {
      workerData: base,
    });
    await once(load, "message");
    const waits = await healthWaits(base);
    load.postMessage("stop");
    const [calls] = await once(load, "message");
    say(`${calls} calls of forward_backward, ${waits.length} health checks`);
    const row = (work, q, atLeast, aim) => ({
      ...{ work, ours: quantile(waits, q), peer: null, unit: "ms", atLeast, aim },
    });
    return [
      row("health check while two runs train: median", 0.5, null, null),
      row("health check while two runs train: 99 of 100", 0.99, 50, 20),
      row("health check while two runs train: slowest", 1, 50, 50),
    ];
  } finally {
    server.kill();
    await once(server, "exit");
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

async function healthWaits(base) {
  const waits = [];
  const end = performance.now() + SECONDS * 1000;
  while (performance.now() < end) {
    const startedAt = performance.now();
    await checkHealth(base);
    waits.push(performance.now() - startedAt);
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
  return waits;
}

async function checkHealth(base) {
  await (await fetch(`${base}/healthz`)).text();
}
