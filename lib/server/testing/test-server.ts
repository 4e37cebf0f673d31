import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { startLocalServer, type LocalServer, type LocalServerOptions } from "../local-server";
import { writeTinyModel } from "./tiny-model";

export interface TestServer extends LocalServer {
  folder: string;
  dataDir: string;
  /** Ends it and starts another one on the same files. */
  restart: () => Promise<TestServer>;
  /** Ends it and removes its files. */
  dispose: () => Promise<void>;
}

/** A real server on a free port with the model `test/tiny`, in a folder of its own. */
export async function startTestServer(
  options: Partial<LocalServerOptions> = {},
): Promise<TestServer> {
  const folder = mkdtempSync(path.join(tmpdir(), "local-server-"));
  writeTinyModel(path.join(folder, "tiny"));
  return startIn(folder, options);
}

async function startIn(folder: string, options: Partial<LocalServerOptions>): Promise<TestServer> {
  const dataDir = path.join(folder, "data");
  const server = await startLocalServer({
    port: 0,
    host: "127.0.0.1",
    tokens: [],
    dataDir,
    models: [{ name: "test/tiny", directory: path.join(folder, "tiny") }],
    modelsDir: path.join(folder, "models"),
    hubEndpoint: "http://127.0.0.1:1",
    huggingFaceEndpoint: "http://127.0.0.1:1",
    sessionTimeoutMs: 60_000,
    longPollMs: 30_000,
    maxLoras: 4,
    maxMemoryBytes: 2 ** 32,
    adapterIdleMs: 600_000,
    maxQueue: 256,
    threads: 1,
    ...options,
  });
  return {
    ...server,
    ...{ folder, dataDir },
    restart: async () => {
      await server.close();
      return startIn(folder, options);
    },
    dispose: async () => {
      await server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
