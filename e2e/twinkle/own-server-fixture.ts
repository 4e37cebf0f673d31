import { test } from "./fixtures";
import { withServer, type ServerProcess } from "./server-process";

/** Tests with a Twinkle Server each, which no other test uses. */
export function withOwnServer(env: Record<string, string>) {
  return test.extend<{ own: ServerProcess }>({
    own: [
      async ({ hub }, use) => withServer({ ...env, MODELSCOPE_ENDPOINT: hub.url }, use),
      { timeout: 300_000 },
    ],
  });
}
