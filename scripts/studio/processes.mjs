import { spawn } from "node:child_process";

const KILL_AFTER_MS = 8_000;
const PARENT_CHECK_MS = 500;

/** Calls back once when the process that started this one has ended. It keeps this one from nothing. */
export function whenOrphaned(callback) {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    callback();
  }, PARENT_CHECK_MS).unref();
}

/**
 * Runs a command to its end; its output is shown only when it fails, or always when `show` asks for it. `signal` kills it:
 * npm hears no other before it is done.
 */
export function runToEnd(
  command,
  args,
  { cwd, env = process.env, show = false, keep, signal } = {},
) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      ...{ cwd, env, signal, killSignal: "SIGKILL" },
      stdio: show ? "inherit" : ["ignore", "pipe", "pipe"],
      shell: process.platform === "win32",
    });
    keep?.(child);
    let output = "";
    const collect = (chunk) => (output = (output + chunk).slice(-20_000));
    child.stdout?.on("data", collect);
    child.stderr?.on("data", collect);
    child.on("error", reject);
    child.on("close", (code, signal) => {
      if (code === 0) resolve(output);
      else
        reject(
          new Error(
            `${command} ${args.join(" ")} ended with ${signal ?? `code ${code}`}.\n${output}`,
          ),
        );
    });
  });
}

/** A group of long-lived children that start together and stop together. */
export class ProcessGroup {
  #children = new Map();
  #isStopping = false;

  /**
   * @param {(name: string, how: string, tail: string) => void} onUnexpectedEnd - called when a child ends by itself
   */
  constructor(onUnexpectedEnd) {
    this.onUnexpectedEnd = onUnexpectedEnd;
  }

  /** @param {{ node?: { command: string, flags: string[] } }} options - another Node than this process's own */
  start(name, args, { node, cwd, env, showOutput = false }) {
    const child = spawn(node?.command ?? process.execPath, [...(node?.flags ?? []), ...args], {
      cwd,
      env,
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
    let tail = "";
    const collect = (chunk) => {
      tail = (tail + chunk).slice(-8_000);
      if (showOutput) process.stderr.write(chunk);
    };
    child.stdout.on("data", collect);
    child.stderr.on("data", collect);
    this.#children.set(name, child);
    child.on("close", (code, signal) => {
      this.#children.delete(name);
      if (!this.#isStopping) this.onUnexpectedEnd(name, signal ?? `code ${code}`, tail);
    });
    return child;
  }

  /** Asks every child to end, waits, and kills what has not ended by then. */
  async stop() {
    this.#isStopping = true;
    await Promise.all(
      [...this.#children.values()].map(
        (child) =>
          new Promise((resolve) => {
            const timer = setTimeout(() => child.kill("SIGKILL"), KILL_AFTER_MS);
            child.on("close", () => {
              clearTimeout(timer);
              resolve();
            });
            child.kill("SIGTERM");
          }),
      ),
    );
  }
}
