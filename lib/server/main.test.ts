import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

import { afterAll, beforeAll, expect, test } from "vitest";

import { parseServerOptions } from "./options";
import { ApiSession } from "./testing/api-session";
import { writeTinyModel } from "./testing/tiny-model";

const MAIN = fileURLToPath(new URL("./main.ts", import.meta.url));

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "server-process-"));
  writeTinyModel(path.join(folder, "builtin", "tiny"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface ServerProcess {
  child: ChildProcess;
  port: number;
}

function spawnServer(port: number): ChildProcess {
  const files = [
    "--data-dir",
    path.join(folder, "data"),
    "--builtin",
    path.join(folder, "builtin"),
  ];
  return spawn(
    process.execPath,
    ["--import", "tsx", MAIN, "--port", String(port), "--threads", "1", ...files],
    {
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    },
  );
}

async function start(): Promise<ServerProcess> {
  const child = spawnServer(0);
  const line = await new Promise<string>((resolve, reject) => {
    child.stdout?.once("data", (data: Buffer) => resolve(data.toString()));
    child.once("exit", (code) => reject(new Error(`the server ended with ${code}`)));
  });
  const port = Number(/^local server ready on http:\/\/127\.0\.0\.1:(\d+)\n$/.exec(line)?.[1]);
  return { child, port };
}

const exitOf = async (child: ChildProcess) =>
  ((await once(child, "exit")) as [number | null, string | null])[0];

test("a save that was answered survives kill -9, and SIGTERM ends the server cleanly", async () => {
  const first = await start();
  const api = new ApiSession(first.port);
  const id = await api.model({ baseModel: "twinkle/tiny" });
  await api.step(id);
  const { path: saved } = await api.compute<{ path: string }>("save_weights", {
    model_id: id,
    path: "safe",
  });
  first.child.kill("SIGKILL");
  await exitOf(first.child);

  const second = await start();
  const again = new ApiSession(second.port);
  const resumed = await again.model({ baseModel: "twinkle/tiny" });
  const load = { model_id: resumed, path: saved, optimizer: true };
  expect(await again.compute("load_weights", load)).toEqual({ path: saved, type: "load_weights" });

  const taken = spawnServer(second.port);
  let complaint = "";
  taken.stderr?.on("data", (data: Buffer) => (complaint += data.toString()));
  expect(await exitOf(taken)).toBe(2);
  expect(complaint).toBe(
    `Port ${second.port} is taken by another program; choose one with --port.\n`,
  );

  second.child.kill("SIGTERM");
  expect(await exitOf(second.child)).toBe(0);
});

test("the server ends when the process that started it goes away", async () => {
  const { child } = await start();
  child.disconnect();
  expect(await exitOf(child)).toBe(0);
});

test("flags are read, and a wrong one is named", () => {
  const defaults = { dataDir: "/data", builtinDir: "/builtin" };
  expect(parseServerOptions([], defaults)).toEqual({
    port: 8000,
    dataDir: "/data",
    builtinDir: "/builtin",
    models: [],
    sessionTimeoutMs: 120_000,
    longPollMs: 30_000,
    maxLoras: 16,
    threads: null,
    isVerbose: false,
  });
  const models = parseServerOptions(["--model", "a/b=/m=1", "--model", "c/d=e"], defaults).models;
  expect(models).toEqual([
    { name: "a/b", directory: "/m=1" },
    { name: "c/d", directory: "e" },
  ]);
  expect(() => parseServerOptions(["--port", "x"], defaults)).toThrow('--port is "x"');
  expect(() => parseServerOptions(["--model", "x"], defaults)).toThrow("owner/name=folder");
});
