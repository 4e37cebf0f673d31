import { defineConfig } from "vitest/config";
import unit from "./vitest.config";

/** `npm run test:engine`: what the engine computes, once more on the local server's Node, where its kernels are other code. */
export default defineConfig({
  ...unit,
  test: {
    ...unit.test,
    include: [
      "lib/server/engine/*.test.ts",
      "lib/server/goldens/*.test.ts",
      "lib/server/runtime.test.ts",
    ],
    execArgv: process.execArgv,
  },
});
