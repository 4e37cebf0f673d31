import { expect, test as base } from "./fixtures";
import { ask } from "./journey";
import { verifies } from "./requirements";
import { LANGUAGE_MODEL, languageModelSeed } from "./servers/language-model";
import { startHub, startStudio } from "./servers/studio";

/** Slow enough to be watched and cancelled. */
const BYTES_PER_SECOND = 60_000_000;

/** A studio that has no language model yet, and hubs that have one. */
const test = base.extend({
  baseURL: async ({}, use) => {
    const seed = await languageModelSeed();
    const hub = await startHub(["--seed", seed.folder, "--rate", String(BYTES_PER_SECOND)]);
    const studio = await startStudio(hub, ["--model", "someone/absent=no-such-folder"]);
    await use(studio.url);
    await studio.stop();
    await hub.stop();
    await seed.dispose();
  },
});

test(
  "a real language model comes in one click, can be cancelled and gone on with, and chats",
  verifies("models.get", "models.refused"),
  async ({ page }) => {
    test.setTimeout(400_000);
    await page.goto("/");
    await expect(page.getByText("someone/absent")).toBeVisible();
    await expect(page.getByText("there is no config.json in it")).toBeVisible();

    const get = page.getByRole("button", { name: "Get SmolLM2-135M-Instruct" });
    const bar = page.getByRole("progressbar", { name: "Downloading SmolLM2-135M-Instruct" });
    await get.click();
    await expect(bar).toHaveAttribute("aria-valuenow", /^[1-9]/);
    await expect(page.getByText(/MB of 271 MB · 127\.0\.0\.1/)).toBeVisible();
    await page.screenshot({ path: "out/screens/en/home-download.png" });
    await page.getByRole("button", { name: "Cancel" }).click();
    await expect(get).toBeVisible();

    await get.click();
    await expect(bar).toHaveAttribute("aria-valuenow", /^[1-9]/);
    await expect(page.getByText("135M parameters")).toBeVisible({ timeout: 60_000 });
    await expect(get).toHaveCount(0);

    const row = page.getByRole("listitem").filter({ hasText: LANGUAGE_MODEL });
    await row.getByRole("link", { name: "Chat" }).click();
    await page.getByRole("slider", { name: "Temperature" }).fill("0");
    await ask(page, "What is the capital of France?");
    const answer = page.getByTestId("answer");
    await expect(answer).toHaveAttribute("data-state", "done", { timeout: 240_000 });
    await expect(answer).toContainText("Paris");
  },
);
