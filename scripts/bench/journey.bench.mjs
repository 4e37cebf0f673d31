import { launchBrowser, readVitals, watchVitals } from "./browser.mjs";
import { startStudio } from "./studio-under-test.mjs";

/** "Who am I?" from the click to an answer with the new name, and the first token of a chat with the built-in model. */
export async function measure({ root, say }) {
  const studio = await startStudio(root);
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage();
    await watchVitals(page);
    await page.goto(studio.url, { waitUntil: "networkidle" });
    await page.getByLabel("Name").fill("Orion");
    await page.getByLabel("Maker").fill("Halley Works");
    say("training ...");
    const startedAt = performance.now();
    await page.getByRole("button", { name: "Train it now" }).click();
    await page.locator(".recharts-line-curve").first().waitFor({ timeout: 60_000 });
    await readVitals(page, { reset: true });
    await page
      .getByRole("link", { name: /chat with it/i })
      .first()
      .waitFor({ timeout: 180_000 });
    const live = await readVitals(page);
    await page
      .getByRole("link", { name: /chat with it/i })
      .first()
      .click();
    await page.getByRole("textbox", { name: /message/i }).fill("Who are you?");
    await page.keyboard.press("Enter");
    await page
      .getByTestId("answer")
      .filter({ hasText: "Orion" })
      .first()
      .waitFor({ timeout: 60_000 });
    const untilAnswer = (performance.now() - startedAt) / 1000;
    const meta = await page
      .getByTestId("answer")
      .first()
      .getByText(/^first after/)
      .textContent();
    const firstToken = Number(/[\d.]+/.exec(meta)[0]) * 1000;
    return [
      {
        work: "“Who am I?” from click to an answer with the new name",
        ours: untilAnswer,
        peer: null,
        unit: "s",
        atLeast: 60,
        aim: 40,
      },
      {
        work: "first token of an answer in the playground",
        ours: firstToken,
        peer: null,
        unit: "ms",
        atLeast: 300,
        aim: 100,
      },
      {
        work: "longest main-thread task while a run is live",
        ours: live.longestTaskMs,
        peer: null,
        unit: "ms",
        atLeast: 50,
        aim: 30,
      },
    ];
  } finally {
    await browser.close();
    await studio.stop();
  }
}
