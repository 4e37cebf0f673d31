import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

import { writeTinyModel } from "./tiny-model";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

export interface RunningServer {
  child: ChildProcess;
  port: number;
  /** SIGKILL, and the end of the process. */
  kill: () => Promise<void>;
}

interface EngineNode {
  command: string;
  flags: string[];
}

/** Starts the server as its users do: bundled, in a process of its own on its own Node, with the model `twinkle/tiny`. */
export class ServerProcesses {
  readonly dataDir: string;
  readonly node: EngineNode;
  private readonly folder: string;
  private readonly children: ChildProcess[] = [];

  private constructor(folder: string, node: EngineNode) {
    this.folder = folder;
    this.node = node;
    this.dataDir = path.join(folder, "data");
  }

  static async prepare(): Promise<ServerProcesses> {
    const folder = mkdtempSync(path.join(tmpdir(), "server-process-"));
    writeTinyModel(path.join(folder, "builtin", "tiny"));
    const scripts = "../../../scripts/studio";
    const { bundleServer } = (await import(`${scripts}/build.mjs`)) as {
      bundleServer: (root: string, outdir: string) => Promise<void>;
    };
    const { ensureEngineNode } = (await import(`${scripts}/engine-node.mjs`)) as {
      ensureEngineNode: (tools: { say: (line: string) => void }) => Promise<EngineNode>;
    };
    await bundleServer(ROOT, path.join(folder, "bundle"));
    return new ServerProcesses(folder, await ensureEngineNode({ say: console.log }));
  }

  /** @param shell - run in bash before the server takes the process over, such as a limit */
  spawn(flags: readonly string[], shell = ":"): ChildProcess {
    const command = [
      ...[this.node.command, ...this.node.flags, path.join(this.folder, "bundle", "main.mjs")],
      ...["--data-dir", this.dataDir, "--builtin", path.join(this.folder, "builtin")],
      ...["--threads", "1", ...flags],
    ];
    const child = spawn("bash", ["-c", `${shell}; exec "$@"`, "bash", ...command], {
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
    this.children.push(child);
    return child;
  }

  /** Resolves when it listens. */
  async start(flags: readonly string[] = [], shell?: string): Promise<RunningServer> {
    const child = this.spawn(["--port", "0", ...flags], shell);
    let complaint = "";
    child.stderr?.on("data", (data: Buffer) => (complaint += data.toString()));
    const port = await new Promise<number>((resolve, reject) => {
      let text = "";
      child.stdout?.on("data", (data: Buffer) => {
        text += data.toString();
        const [, found] = /^local server ready on http:\/\/[^:]+:(\d+)\n/m.exec(text) ?? [];
        if (found) resolve(Number(found));
      });
      child.once("exit", (code) =>
        reject(new Error(`the server ended with ${code}: ${complaint}`)),
      );
    });
    const ended = once(child, "exit");
    const kill = async () => {
      child.kill("SIGKILL");
      await ended;
    };
    return { child, port, kill };
  }

  /** Ends every process and removes all files. */
  dispose(): void {
    for (const child of this.children) child.kill("SIGKILL");
    rmSync(this.folder, { recursive: true, force: true });
  }
}
