import fs from "node:fs";
import { installFromDebian } from "./debian.mjs";
import { runToEnd } from "./processes.mjs";

const SYSTEM_BROWSERS = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/** The system's Chromium, or the one that `CHROMIUM_PATH` names; undefined where there is neither. */
export function systemBrowser() {
  return process.env.CHROMIUM_PATH || SYSTEM_BROWSERS.find((path) => fs.existsSync(path));
}

/** Makes sure that the browser tests have a Chromium: the system's, else Debian's package, else Playwright's own build. */
export async function ensureBrowser(root, { say }) {
  if (systemBrowser()) return;
  const { chromium } = await import("@playwright/test");
  if (fs.existsSync(chromium.executablePath())) return;
  say("Installing Chromium and a font for Chinese ...");
  if (await installFromDebian(["chromium", "fonts-noto-cjk"])) return;
  await runToEnd("npx", ["playwright", "install", "chromium"], { cwd: root, show: true });
}
