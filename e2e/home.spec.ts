import { expect, test } from "./fixtures";
import { ask, trainWhoAmI } from "./journey";
import { verifies } from "./requirements";

test(
  "Home is connected to the local server without any set-up",
  verifies("home.connected"),
  async ({ page }) => {
    await page.goto("/");
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(
      "Fine-tune a model from this tab",
    );
    await expect(page.getByText("twinkle/spark", { exact: true })).toBeVisible();
    await expect(page.getByTestId("server-chip")).toContainText(
      /Local server.*\d+ of 16 slots free/,
    );
  },
);

test("a file dropped on Home opens as a dataset", verifies("home.drop-file"), async ({ page }) => {
  await page.goto("/");
  await page
    .getByLabel("Choose a file")
    .last()
    .setInputFiles({
      name: "greetings.jsonl",
      mimeType: "application/jsonl",
      buffer: Buffer.from(
        '{"query":"hello","response":"Hi there!"}\n{"query":"bye","response":"See you."}\n',
      ),
    });
  await page.waitForURL(/\/datasets\//);
  await expect(page.getByRole("heading", { level: 1 })).toContainText("greetings.jsonl");
});

test("a file without usable rows is refused on Home with the line and the fix", async ({
  page,
}) => {
  await page.goto("/");
  await page
    .getByLabel("Choose a file")
    .last()
    .setInputFiles({
      name: "broken.jsonl",
      mimeType: "application/jsonl",
      buffer: Buffer.from('{"query":"hello","response":"Hi"\n'),
    });
  const refusal = page.getByRole("alert").filter({ hasText: "This file cannot be used." });
  await expect(refusal).toContainText(/[Ll]ine 1/);
});

test(
  "Who am I? goes from one click to an answer with the new name and maker",
  verifies("home.who-am-i", "train.loss-falls"),
  async ({ page }) => {
    await page.goto("/");
    await page.getByLabel("Name", { exact: true }).fill("Orion");
    await page.getByLabel("Maker").fill("Halley Works");
    await trainWhoAmI(page);

    await ask(page, "Who are you?");
    await expect(page.getByTestId("answer").last()).toContainText("Orion", { timeout: 30_000 });
    await ask(page, "Who made you?");
    await expect(page.getByTestId("answer").last()).toContainText("Halley Works", {
      timeout: 30_000,
    });
  },
);
