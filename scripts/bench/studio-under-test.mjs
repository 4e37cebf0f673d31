import { spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { freePort } from "../studio/ports.mjs";

/** Starts `npm start`'s own script in `root` on free ports with a throw-away data folder; resolves when it is ready. */
export async function startStudio(root, { env = {} } = {}) {
  const dataDir = fs.mkdtempSync(path.join(os.tmpdir(), "studio-bench-"));
  const port = await freePort(21_000 + Math.floor(Math.random() * 5_000));
  const serverPort = await freePort(27_000 + Math.floor(Math.random() * 5_000));
  const args = ["--port", port, "--server-port", serverPort, "--data-dir", dataDir].map(String);
  const child = spawn(process.execPath, ["scripts/start.mjs", ...args], {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const address = await untilPrinted(child, /Twinkle Studio is ready: (\S+)/);
  return {
    url: address,
    serverUrl: `http://127.0.0.1:${serverPort}`,
    stop: async () => {
      const ended = new Promise((resolve) => child.once("close", resolve));
      child.kill("SIGTERM");
      await ended;
      fs.rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** Resolves with the first group of `pattern` as soon as the child prints it. */
export function untilPrinted(child, pattern) {
  return new Promise((resolve, reject) => {
    let output = "";
    child.stdout.on("data", (chunk) => {
      output += chunk;
      const match = pattern.exec(output);
      if (match) resolve(match[1] ?? match[0]);
    });
    child.once("close", (code) =>
      reject(new Error(`ended with code ${code} before it was ready:\n${output}`)),
    );
  });
}
