#!/usr/bin/env node
/* `npm run goldens`: what PyTorch and PEFT compute for the local server's tests, written into lib/server/goldens. */
import path from "node:path";
import { fileURLToPath } from "node:url";
import { ensureTorch } from "./python/torch-venv.mjs";
import { runToEnd } from "./studio/processes.mjs";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const python = await ensureTorch({ say: console.error, show: true });
// PEFT writes sets; the seed of the hashes keeps their order.
await runToEnd(python, [path.join(root, "lib/server/goldens/make.py")], {
  env: { ...process.env, PYTHONHASHSEED: "0", PYTHONWARNINGS: "ignore", HF_HUB_OFFLINE: "1" },
  show: true,
});
