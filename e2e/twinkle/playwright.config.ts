import { defineConfig } from "@playwright/test";
import main from "../playwright.config";

/** The same browser, against a real Twinkle Server: slower, and one journey builds on the one before. */
export default defineConfig(main, {
  testDir: ".",
  testMatch: "*.spec.ts",
  testIgnore: [],
  outputDir: "../../test-results/twinkle",
  timeout: 300_000,
  expect: { timeout: 60_000 },
});
