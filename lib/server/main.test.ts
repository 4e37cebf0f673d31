import { once } from "node:events";
import type { ChildProcess } from "node:child_process";

import { afterAll, beforeAll, expect, test } from "vitest";

import { parseServerOptions } from "./options";
import { ServerProcesses } from "./testing/server-process";

let servers: ServerProcesses;
beforeAll(async () => {
  servers = await ServerProcesses.prepare();
});
afterAll(() => servers.dispose());

const exitOf = async (child: ChildProcess) =>
  ((await once(child, "exit")) as [number | null, string | null])[0];

test("a taken port ends the process with code 2, SIGTERM ends the server cleanly", async () => {
  const server = await servers.start();
  const taken = servers.spawn(["--port", String(server.port)]);
  let complaint = "";
  taken.stderr?.on("data", (data: Buffer) => (complaint += data.toString()));
  expect(await exitOf(taken)).toBe(2);
  expect(complaint).toBe(
    `Port ${server.port} is taken by another program; choose one with --port.\n`,
  );

  server.child.kill("SIGTERM");
  expect(await exitOf(server.child)).toBe(0);
});

test("the server ends when the process that started it goes away", async () => {
  const { child } = await servers.start();
  child.disconnect();
  expect(await exitOf(child)).toBe(0);
});

test("the server runs on its own Node, and says which vectors V8 was asked for", async () => {
  const { port } = await servers.start();
  const answer = await fetch(`http://127.0.0.1:${port}/metrics`);
  const bits = servers.node.flags.length > 0 ? 256 : 128;
  expect(await answer.text()).toContain(`vector_bits="${bits}"`);
});

test("flags are read, and a wrong one is named", () => {
  const defaults = { dataDir: "/data", builtinDir: "/builtin", tokens: "" };
  expect(parseServerOptions([], defaults)).toEqual({
    port: 8000,
    host: "127.0.0.1",
    tokens: [],
    dataDir: "/data",
    builtinDir: "/builtin",
    models: [],
    modelsDir: "/data/models",
    sessionTimeoutMs: 120_000,
    longPollMs: 30_000,
    maxLoras: 16,
    maxMemoryBytes: expect.any(Number) as number,
    adapterIdleMs: 600_000,
    maxQueue: 256,
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
