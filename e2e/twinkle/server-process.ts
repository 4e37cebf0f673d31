import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { freePort } from "../servers/child";
import { ROOT } from "../servers/studio";
import { MODEL, MODEL_FOLDER } from "./fixtures";

const SCRIPT = path.join(ROOT, "e2e", "servers", "twinkle", "server.py");
const run = promisify(execFile);

export interface ServerProcess {
  url: string;
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** A Twinkle Server of one's own, which may be stopped and started again on the same port and files, for as long as `use` takes. */
export async function withServer(
  env: Record<string, string>,
  use: (server: ServerProcess) => Promise<void>,
): Promise<void> {
  const state = await mkdtemp(path.join(tmpdir(), "studio-twinkle-own-"));
  const port = String(await freePort());
  const act = async (action: string, ...flags: string[]) => {
    const args = [SCRIPT, action, "--port", port, "--state", state, ...flags];
    await run("python3", args, { env: { ...process.env, ...env }, timeout: 280_000 });
  };
  const start = () => act("start", "--model", MODEL_FOLDER, "--model-name", MODEL);
  const stop = () => act("stop");
  try {
    await start();
    await use({ url: `http://127.0.0.1:${port}`, start, stop });
  } finally {
    await stop();
    await rm(state, { recursive: true, force: true });
  }
}
