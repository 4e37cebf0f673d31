import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { launchBrowser, readVitals, watchVitals } from "./browser.mjs";
import { startStudio } from "./studio-under-test.mjs";

const ROWS = 40_000;
const IDLE_MS = 1_500;

/** What Home costs to load, and what the main thread feels while a 20 MB file is read and tokenized. */
export async function measure({ root, say }) {
  const studio = await startStudio(root);
  const browser = await launchBrowser();
  try {
    say("Home and the bare framework ...");
    const home = await load(browser, studio.url);
    const bare = await load(browser, `${studio.url}/no-such-page`);
    say("20 MB ...");
    const big = await tokenizeBigFile(browser, studio.url);
    return [
      {
        work: "JavaScript to load Home, against the not-found page",
        ours: home.scriptBytes / 1000,
        peer: bare.scriptBytes / 1000,
        unit: "kB gzip",
        atLeast: null,
        aim: null,
      },
      {
        work: "JavaScript to load Home",
        ours: home.scriptBytes / 1000,
        peer: null,
        unit: "kB gzip",
        atLeast: 200,
        aim: 180,
      },
      {
        work: "layout shift of Home",
        ours: home.layoutShift,
        peer: null,
        unit: "CLS",
        atLeast: 0,
        aim: 0,
      },
      {
        work: "longest main-thread task while 20 MB is read and tokenized",
        ours: big.longestTaskMs,
        peer: null,
        unit: "ms",
        atLeast: 50,
        aim: 30,
      },
      {
        work: "20 MB read and tokenized",
        ours: big.seconds,
        peer: null,
        unit: "s",
        atLeast: null,
        aim: null,
      },
    ];
  } finally {
    await browser.close();
    await studio.stop();
  }
}

async function load(browser, url) {
  const page = await browser.newPage();
  await watchVitals(page);
  await page.goto(url, { waitUntil: "networkidle" });
  await page.waitForTimeout(IDLE_MS);
  const vitals = await readVitals(page);
  const scriptBytes = await page.evaluate(() =>
    performance
      .getEntriesByType("resource")
      .filter(({ name }) => name.endsWith(".js"))
      .reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0),
  );
  await page.close();
  return { scriptBytes, layoutShift: vitals.layoutShift };
}

async function tokenizeBigFile(browser, url) {
  const page = await browser.newPage();
  await watchVitals(page);
  await page.goto(`${url}/datasets`, { waitUntil: "networkidle" });
  await readVitals(page, { reset: true });
  const startedAt = performance.now();
  // From the disk, as a person picks it: a buffer would pass through the page's main thread.
  const file = path.join(os.tmpdir(), `studio-bench-${process.pid}.jsonl`);
  fs.writeFileSync(file, bigFile());
  await page.locator('input[type="file"]').first().setInputFiles(file);
  await page.waitForURL(/\/datasets\/[^?]+/, { timeout: 120_000 });
  await page.getByTestId("token-count").waitFor({ timeout: 600_000 });
  const seconds = (performance.now() - startedAt) / 1000;
  const vitals = await readVitals(page);
  await page.close();
  fs.rmSync(file);
  return { seconds, longestTaskMs: vitals.longestTaskMs };
}

function bigFile() {
  const words =
    "the quick brown fox jumps over a lazy dog while seven grey whales sing below the harbour".split(
      " ",
    );
  const lines = [];
  for (let row = 0; row < ROWS; row++) {
    const pick = (count, salt) =>
      Array.from({ length: count }, (_, i) => words[(row * 7 + i * salt) % words.length]).join(" ");
    lines.push(
      JSON.stringify({
        messages: [
          { role: "user", content: pick(35, 3) },
          { role: "assistant", content: pick(45, 5) },
        ],
      }),
    );
  }
  return `${lines.join("\n")}\n`;
}
