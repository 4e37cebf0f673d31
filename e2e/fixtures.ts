import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { test as base, expect } from "@playwright/test";
import { freePort, startChild, type RunningChild } from "./servers/child";
import { ROOT, startHub, startStudio, type Hub, type Studio } from "./servers/studio";

/** A training server of one test's own, which the test may kill and start again on the same port and data. */
export interface OwnServer {
  url: string;
  kill(): Promise<void>;
  start(): Promise<void>;
}

interface WorkerFixtures {
  hub: Hub;
  studio: Studio;
}

interface TestFixtures {
  ownServer: OwnServer;
  /** Fails the test on an uncaught error of the page or a breach of the content security policy. */
  pageFaults: string[];
}

/** The studio as `npm start` runs it, with its local server and a hub stand-in, once for all tests of a worker. */
export const test = base.extend<TestFixtures, WorkerFixtures>({
  hub: [
    async ({}, use) => {
      const hub = await startHub();
      await use(hub);
      await hub.stop();
    },
    { scope: "worker" },
  ],

  studio: [
    async ({ hub }, use) => {
      const studio = await startStudio(hub);
      await use(studio);
      await studio.stop();
    },
    { scope: "worker", timeout: 200_000 },
  ],

  baseURL: async ({ studio }, use) => use(studio.url),

  ownServer: async ({ hub }, use) => {
    const dataDir = await mkdtemp(path.join(tmpdir(), "studio-server-"));
    const port = await freePort();
    let child: RunningChild | null = null;
    const start = async () => {
      child = await startChild(
        "node",
        ["dist/server/main.mjs", "--port", String(port), "--data-dir", dataDir],
        {
          cwd: ROOT,
          env: { MODELSCOPE_ENDPOINT: hub.url },
          ready: /local server ready/,
          timeoutMs: 30_000,
        },
      );
    };
    await start();
    await use({ url: `http://127.0.0.1:${port}`, start, kill: async () => child?.stop("SIGKILL") });
    await child!.stop();
    await rm(dataDir, { recursive: true, force: true });
  },

  pageFaults: [
    async ({ page }, use) => {
      const faults: string[] = [];
      page.on("pageerror", (error) => faults.push(`uncaught: ${error.message}`));
      page.on("console", (message) => {
        if (message.type() === "error" && /Content Security Policy|hydrat/i.test(message.text())) {
          faults.push(message.text());
        }
      });
      await use(faults);
      expect(faults).toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };
