import { Worker } from "node:worker_threads";

import type { WorkerSetup } from "./worker-protocol";

/**
 * Starts one engine worker. From TypeScript sources (tsx, vitest) it runs `worker.ts` through tsx; from a bundle it
 * runs `engine-worker.mjs` beside the bundle.
 *
 * @param workerUrl - another place to find the worker's entry file
 */
export function startWorker(setup: WorkerSetup, workerUrl?: URL): Worker {
  const isSource = import.meta.url.endsWith(".ts");
  const url =
    workerUrl ?? new URL(isSource ? "./worker.ts" : "./engine-worker.mjs", import.meta.url);
  if (!url.pathname.endsWith(".ts")) return new Worker(url, { workerData: setup });
  // Workers of Node 20 do not inherit tsx's loader, and `--import tsx` in their execArgv has no effect there.
  const tsx = import.meta.resolve("tsx/esm/api");
  const entry = `import("${tsx}").then(({ register }) => { register(); return import("${url.href}"); })`;
  return new Worker(entry, { workerData: setup, eval: true });
}
