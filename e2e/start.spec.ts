import { execFileSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "./fixtures";
import { verifies } from "./requirements";
import { freePort, startChild } from "./servers/child";
import { ROOT } from "./servers/studio";

/** Every process whose command line names `marker`. */
function processesWith(marker: string): string[] {
  return execFileSync("ps", ["-eo", "pid,args"], { encoding: "utf8" })
    .split("\n")
    .filter((line) => line.includes(marker) && !line.includes("ps -eo"));
}

/** The widest that this machine's V8 is asked for. */
async function vectorBits(): Promise<number> {
  const script = "../scripts/studio/engine-node.mjs";
  const { ensureEngineNode } = (await import(script)) as {
    ensureEngineNode: (tools: { say: (line: string) => void }) => Promise<{ flags: string[] }>;
  };
  const { flags } = await ensureEngineNode({ say: console.log });
  return flags.length > 0 ? 256 : 128;
}

function occupy(port: number): Promise<Server> {
  return new Promise((resolve) => {
    const server = createServer().listen(port, "127.0.0.1", () => resolve(server));
  });
}

test(
  "npm start replaces a taken port, prints the address, and a signal leaves nothing behind",
  verifies("start.address", "start.port-taken", "start.wide-vectors", "start.stops-clean"),
  async () => {
    const dataDir = await mkdtemp(path.join(tmpdir(), "studio-start-"));
    const port = await freePort();
    const serverPort = await freePort();
    const occupier = await occupy(port);
    const flags = [
      "--port",
      String(port),
      "--server-port",
      String(serverPort),
      "--data-dir",
      dataDir,
    ];
    const child = await startChild("npm", ["start", "--", ...flags], {
      cwd: ROOT,
      ready: /Twinkle Studio is ready: http:\/\/127\.0\.0\.1:\d+/,
      timeoutMs: 180_000,
      ownGroup: true,
    });
    expect(child.output()).toContain(`Port ${port} is taken; the studio uses ${port + 1}.`);
    const answer = await fetch(`http://127.0.0.1:${port + 1}/`);
    expect(answer.status).toBe(200);
    const metrics = await fetch(`http://127.0.0.1:${serverPort}/metrics`);
    expect(await metrics.text()).toContain(`vector_bits="${await vectorBits()}"`);
    expect(processesWith(dataDir).length).toBeGreaterThan(0);

    await child.stop("SIGINT");
    await expect.poll(() => processesWith(dataDir)).toEqual([]);
    await expect.poll(() => processesWith(`-p ${port + 1}`)).toEqual([]);
    occupier.close();
    await rm(dataDir, { recursive: true, force: true });
  },
);

test("a signal to npm alone stops everything too", verifies("start.stops-clean"), async () => {
  const dataDir = await mkdtemp(path.join(tmpdir(), "studio-start-"));
  const flags = ["--port", String(await freePort()), "--server-port", String(await freePort())];
  const child = await startChild("npm", ["start", "--", ...flags, "--data-dir", dataDir], {
    cwd: ROOT,
    ready: /Twinkle Studio is ready/,
    timeoutMs: 180_000,
  });
  await child.stop("SIGTERM");
  await expect.poll(() => processesWith(dataDir)).toEqual([]);
  await rm(dataDir, { recursive: true, force: true });
});

test("a flag that does not exist is refused with the list of those that do", async () => {
  await expect(
    startChild("node", ["scripts/start.mjs", "--colour", "red"], {
      cwd: ROOT,
      ready: /ready/,
      timeoutMs: 10_000,
    }),
  ).rejects.toThrow(/--colour is not a flag[^]*--server-port N/);
});
