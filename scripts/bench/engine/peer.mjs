import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const SCRIPT = fileURLToPath(new URL("peer.py", import.meta.url));

/** Starts a Python process that answers one request at a time; `ask` resolves with its answer. */
export function startPeer(python) {
  const child = spawn(python, ["-W", "ignore", SCRIPT], { stdio: ["pipe", "pipe", "inherit"] });
  const ended = once(child, "close");
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    ask: async (what, details = {}) => {
      child.stdin.write(`${JSON.stringify({ do: what, ...details })}\n`);
      const { value } = await lines.next();
      if (value === undefined) throw new Error(`The PyTorch side ended during "${what}".`);
      return JSON.parse(value);
    },
    stop: async () => {
      child.stdin.end();
      await ended;
    },
  };
}
