import { build } from "esbuild";
import { launchBrowser } from "./browser.mjs";
import { alternate } from "./statistics.mjs";

const ROUNDS = 7;
const COUNTS = [1_000, 10_000, 50_000];

/** One update of the live loss chart, against Recharts with every point; both in one page, in turn. */
export async function measure({ root, say }) {
  const bundle = await build({
    absWorkingDir: root,
    entryPoints: ["scripts/bench/pages/chart.tsx"],
    bundle: true,
    write: false,
    format: "iife",
    platform: "browser",
    jsx: "automatic",
    alias: { "@": root },
    define: { "process.env.NODE_ENV": '"production"' },
    logLevel: "error",
  });
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage();
    await page.setContent('<div id="root" style="width: 900px"></div>');
    await page.addScriptTag({ content: bundle.outputFiles[0].text });
    const rows = [];
    for (const count of COUNTS) {
      say(`${count} steps ...`);
      const update = (side) => () =>
        page.evaluate(([which, steps]) => globalThis.updateMs(which, steps), [side, count]);
      await update("ours")();
      await update("peer")();
      const times = await alternate(ROUNDS, update("ours"), update("peer"));
      rows.push({
        work: `one update of the loss chart at ${count} steps, against Recharts with every point`,
        ...times,
        unit: "ms",
        atLeast: count >= 10_000 ? 2 : null,
        aim: count >= 10_000 ? 4 : null,
      });
    }
    return rows;
  } finally {
    await browser.close();
  }
}
