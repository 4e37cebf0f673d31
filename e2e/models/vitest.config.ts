import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

export default defineConfig({
  root: fileURLToPath(new URL("../..", import.meta.url)),
  resolve: {
    alias: { "@": fileURLToPath(new URL("../..", import.meta.url)).replace(/\/$/, "") },
  },
  test: {
    include: ["e2e/models/*.test.ts"],
    environment: "node",
    testTimeout: 300_000,
    hookTimeout: 120_000,
    setupFiles: ["lib/testing/setup.ts"],
    execArgv: process.execArgv,
  },
});
