import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";

export interface RunningChild {
  process: ChildProcess;
  /** What it printed so far. */
  output(): string;
  stop(signal?: NodeJS.Signals): Promise<void>;
}

/** Starts a process and waits until it printed `ready`; fails with its output when it ends before. */
export async function startChild(
  command: string,
  args: string[],
  options: {
    cwd: string;
    env?: Record<string, string>;
    ready: RegExp;
    timeoutMs: number;
    ownGroup?: boolean;
  },
): Promise<RunningChild> {
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    stdio: ["ignore", "pipe", "pipe"],
    detached: options.ownGroup ?? false,
  });
  let output = "";
  const hasEnded = once(child, "close");
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(
      () => fail(`printed no "${options.ready.source}" in ${options.timeoutMs} ms`),
      options.timeoutMs,
    );
    const fail = (why: string) => {
      clearTimeout(timer);
      child.kill("SIGKILL");
      reject(new Error(`${command} ${args.join(" ")} ${why}:\n${output}`));
    };
    const collect = (chunk: Buffer) => {
      output += chunk.toString();
      if (options.ready.test(output)) {
        clearTimeout(timer);
        resolve();
      }
    };
    child.stdout.on("data", collect);
    child.stderr.on("data", collect);
    child.once("error", (error) => fail(error.message));
    child.once("close", (code) => fail(`ended with code ${code}`));
  });
  return {
    process: child,
    output: () => output,
    stop: async (signal = "SIGTERM") => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      if (options.ownGroup && child.pid) process.kill(-child.pid, signal);
      else child.kill(signal);
      await hasEnded;
    },
  };
}

/** A port that was free a moment ago, with the next one free too (the hub stand-in takes two). */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 20_000);
    if ((await isFree(port)) && (await isFree(port + 1))) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen(port, "127.0.0.1", () => probe.close(() => resolve(true)));
  });
}
