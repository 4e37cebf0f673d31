import fs from "node:fs";
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
  const isRoot = process.getuid?.() === 0;
  if (isRoot && fs.existsSync("/usr/bin/apt-get")) {
    say("Installing Chromium and a font for Chinese (apt-get) ...");
    const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
    await runToEnd("apt-get", ["update", "-qq"], { cwd: root, env });
    await runToEnd("apt-get", ["install", "-y", "-qq", "chromium", "fonts-noto-cjk"], {
      cwd: root,
      env,
    });
    return;
  }
  say("Installing Chromium (playwright install) ...");
  await runToEnd("npx", ["playwright", "install", "chromium"], { cwd: root, show: true });
}
