import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { freePort, startChild } from "./child";

export const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..", "..");

export interface Hub {
  url: string;
  /** May read and write. */
  token: string;
  /** May only read. */
  readToken: string;
  user: string;
}

export interface Studio {
  url: string;
  serverUrl: string;
  dataDir: string;
}

type Stoppable<T> = T & { stop(): Promise<void> };

/** The stand-in of the model hubs, with flags of its own; it takes the port after its own as well. */
export async function startHub(
  flags: readonly string[] = [],
  wantedPort?: number,
): Promise<Stoppable<Hub>> {
  const port = wantedPort ?? (await freePort());
  const root = await mkdtemp(path.join(tmpdir(), "studio-hub-"));
  const script = path.join("e2e", "servers", "hub", "stand_in.py");
  const child = await startChild(
    "python3",
    ["-u", script, "--port", String(port), "--root", root, ...flags],
    { cwd: ROOT, ready: /stand-in hub on/, timeoutMs: 20_000 },
  );
  return {
    ...{ url: `http://127.0.0.1:${port}`, user: "alice" },
    ...{ token: "ms-good", readToken: "ms-read" },
    stop: async () => {
      await child.stop();
      await rm(root, { recursive: true, force: true });
    },
  };
}

/** The studio as `npm start` runs it, with its local server and data of its own. */
export async function startStudio(
  hub: Hub,
  flags: readonly string[] = [],
): Promise<Stoppable<Studio>> {
  const dataDir = await mkdtemp(path.join(tmpdir(), "studio-data-"));
  const [port, serverPort] = [await freePort(), await freePort()];
  const ports = ["--port", String(port), "--server-port", String(serverPort)];
  const child = await startChild(
    "node",
    ["scripts/start.mjs", ...ports, "--data-dir", dataDir, ...flags],
    {
      cwd: ROOT,
      env: { MODELSCOPE_ENDPOINT: hub.url, HF_ENDPOINT: hub.url },
      ready: /Twinkle Studio is ready/,
      timeoutMs: 180_000,
    },
  );
  return {
    url: `http://127.0.0.1:${port}`,
    serverUrl: `http://127.0.0.1:${serverPort}`,
    dataDir,
    stop: async () => {
      await child.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
