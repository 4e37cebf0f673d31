import { chromium } from "@playwright/test";
import { systemBrowser } from "../studio/browser.mjs";

export function launchBrowser() {
  const executablePath = systemBrowser();
  return chromium.launch({
    ...(executablePath ? { executablePath } : {}),
    args: [
      ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
      "--disable-background-networking",
    ],
  });
}

/** Counts long tasks and layout shift of a page from its first byte on; read with `readVitals`. */
export async function watchVitals(page) {
  await page.addInitScript(() => {
    const vitals = { longestTaskMs: 0, layoutShift: 0 };
    globalThis.__vitals = vitals;
    new PerformanceObserver((list) => {
      for (const task of list.getEntries())
        vitals.longestTaskMs = Math.max(vitals.longestTaskMs, task.duration);
    }).observe({ type: "longtask", buffered: true });
    new PerformanceObserver((list) => {
      for (const shift of list.getEntries())
        if (!shift.hadRecentInput) vitals.layoutShift += shift.value;
    }).observe({ type: "layout-shift", buffered: true });
  });
}

export function readVitals(page, { reset = false } = {}) {
  return page.evaluate((clear) => {
    const seen = { ...globalThis.__vitals };
    if (clear) globalThis.__vitals.longestTaskMs = 0;
    return seen;
  }, reset);
}
