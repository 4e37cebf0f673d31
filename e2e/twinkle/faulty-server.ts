import { expect, test as base } from "./fixtures";
import { withServer, type ServerProcess } from "./server-process";

/** Beside a second server, in which the faults of 0.5.1 are not mended. */
export const test = base.extend<object, { faulty: ServerProcess }>({
  faulty: [
    async ({ hub }, use) =>
      withServer({ TW_SHIM_KEEP_BUGS: "1", MODELSCOPE_ENDPOINT: hub.url }, use),
    { scope: "worker", timeout: 300_000 },
  ],
});

export { expect };
