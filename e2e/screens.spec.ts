import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures";
import { ask, trainWhoAmI } from "./journey";
import { verifies } from "./requirements";

const THEMES = ["light", "dark"] as const;
const WIDTHS = [
  { width: 1440, height: 900 },
  { width: 390, height: 844 },
] as const;

/** What tells that a screen shows all that it has; for the others their heading does. */
const READY: Record<string, string> = {
  dataset: "[data-testid=token-count]",
  "dataset-tokens": "[data-token]",
  "new-run": "main button:has(.lucide-play):enabled:visible",
  run: ".recharts-line-curve",
  playground: "[data-testid=answer]",
};

/** Every screen in every look: pictures in `out/screens` for people, axe and sideways scrolling for machines. */
test.describe("every screen", () => {
  test.describe.configure({ timeout: 600_000 });

  for (const locale of ["en", "zh"] as const) {
    test(
      `is sound in ${locale}, light and dark, wide and narrow`,
      verifies("screens.axe", "screens.narrow", "screens.touch", "screens.languages"),
      async ({ page, context, studio }) => {
        const screens = await journey(page);
        await context.addCookies([{ name: "locale", value: locale, url: studio.url }]);
        for (const theme of THEMES) {
          await page.evaluate((value) => localStorage.setItem("theme", value), theme);
          for (const viewport of WIDTHS) {
            await page.setViewportSize(viewport);
            for (const [name, address] of Object.entries(screens)) {
              await test.step(`${name} ${theme} ${viewport.width}`, async () => {
                await page.goto(address);
                await expect(page.locator("html")).toHaveAttribute("lang", locale);
                await expect(page.locator("html")).toHaveAttribute("data-theme", theme);
                await expect(page.locator("h1").first()).toBeVisible();
                await expect(page.locator(".animate-pulse")).toHaveCount(0);
                await expect(page.locator(READY[name] ?? "h1").first()).toBeVisible();
                await page.screenshot({
                  path: `out/screens/${locale}/${name}-${theme}-${viewport.width}.png`,
                });
                expect.soft(await scrollsSideways(page), `${name} scrolls sideways`).toBe(false);
                if (viewport.width === 390)
                  expect.soft(await lowButtons(page), `${name} has low buttons`).toEqual([]);
                const { violations } = await new AxeBuilder({ page })
                  .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"])
                  .analyze();
                expect
                  .soft(
                    violations.map(({ id, nodes }) => [id, nodes.map((node) => node.html)]),
                    name,
                  )
                  .toEqual([]);
              });
            }
          }
        }
      },
    );
  }
});

/** Walks the journey once in English, so that every screen has something to show; returns their addresses. */
async function journey(page: Page): Promise<Record<string, string>> {
  await page.goto("/");
  await page.getByRole("button", { name: "Open the dataset" }).click();
  await page.waitForURL(/\/datasets\//);
  await expect(page.getByTestId("token-count")).toBeVisible({ timeout: 30_000 });
  const dataset = new URL(page.url()).pathname;

  await page.goto("/");
  const run = await trainWhoAmI(page);
  await ask(page, "Who are you?");
  await expect(page.getByTestId("answer").last()).toHaveAttribute("data-state", "done", {
    timeout: 30_000,
  });
  const playground = page.url().replace(/^https?:\/\/[^/]+/, "");

  return {
    home: "/",
    datasets: "/datasets",
    dataset,
    "dataset-tokens": `${dataset}?view=tokens`,
    "new-run": `/runs/new?dataset=${dataset.split("/").at(-1)}`,
    runs: "/runs",
    run,
    checkpoints: "/checkpoints",
    playground,
    connect: "/connect",
    doctor: "/connect/doctor",
    "own-server": "/connect/own-server",
    "not-found": "/no-such-page",
  };
}

/** Those that a finger misses. */
function lowButtons(page: Page): Promise<string[]> {
  return page
    .locator(".ui-button:visible")
    .evaluateAll((buttons) =>
      buttons
        .filter((button) => button.getBoundingClientRect().height < 28)
        .map((button) => button.outerHTML),
    );
}

function scrollsSideways(page: Page): Promise<boolean> {
  return page.evaluate(() => {
    const main = document.querySelector("main");
    const root = document.documentElement;
    return (
      root.scrollWidth > root.clientWidth || (main !== null && main.scrollWidth > main.clientWidth)
    );
  });
}
