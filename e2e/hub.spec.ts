import type { Page } from "@playwright/test";
import { expect, test as base } from "./fixtures";
import { verifies } from "./requirements";
import { selfCognition, startDatasetHub } from "./servers/dataset-hub";

/** The studio's hub with public datasets, of which large files come slowly. */
const test = base.extend({
  hub: [
    async ({}, use) => {
      const datasets = {
        "swift/self-cognition/self_cognition.jsonl": selfCognition(60),
        "swift/long/train.jsonl": selfCognition(50_000),
        "some/table/train.csv": 'prompt,completion\n"a, b",c\n',
        "some/columns/train.parquet": "PAR1",
        "some/numbers/train.jsonl": '{"number":1}\n',
      };
      const hub = await startDatasetHub(datasets, ["--rate", "300000"]);
      await use(hub);
      await hub.stop();
    },
    { scope: "worker" },
  ],
});

test(
  "the first rows of a hub's dataset are imported with a name of one's own, and trained by Twinkle's recipe",
  verifies("dataset.hub"),
  async ({ page }) => {
    await openDialog(page);
    await read(page, "https://www.modelscope.cn/datasets/swift/self-cognition/files", 40);
    await page.getByLabel("{{NAME}}").fill('Nova "9"');
    await page.getByLabel("{{AUTHOR}}").fill("Acme Lab");
    await page.getByRole("button", { name: "Import", exact: true }).click();

    await page.waitForURL(/\/datasets\/.+/);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(
      "ms://swift/self-cognition (first 40)",
    );
    await expect(page.getByRole("button", { name: "All 40" })).toBeVisible();
    await expect(page.getByText('I am Nova "9", trained by Acme Lab.').last()).toBeVisible();

    await page.getByRole("link", { name: "Plan a run" }).click();
    await expect(page.getByRole("textbox", { name: "Max length" })).toHaveValue("256");
    await expect(page.getByRole("textbox", { name: "Epochs" })).toHaveValue("3");
    await expect(page.getByRole("textbox", { name: "Batch size" })).toHaveValue("8");
    await page.getByRole("button", { name: "Start training" }).first().click();
    await page.waitForURL(/\/runs\/(?!new)/);
    await expect(page.getByRole("status").getByText("Done", { exact: true })).toBeVisible({
      timeout: 100_000,
    });
  },
);

test(
  "a table of a hub that asks for nothing is imported at once",
  verifies("dataset.hub"),
  async ({ page }) => {
    await openDialog(page);
    await read(page, "hf://some/table", 500);
    await page.waitForURL(/\/datasets\/.+/);
    await expect(page.getByRole("button", { name: "All 1" })).toBeVisible();
  },
);

test(
  "a dataset that cannot be had is refused with a sentence, and reading is stopped",
  verifies("dataset.hub-refused"),
  async ({ page }) => {
    await openDialog(page);
    const dialog = page.getByRole("dialog");
    for (const [address, sentence] of [
      ["swift", "This names no dataset."],
      ["some/columns", "Parquet files, which are not read yet"],
      ["ms://some/nothing", "no public dataset of this name"],
      ["ms://some/numbers", "its fields are: number"],
    ] as const) {
      await read(page, address, 5);
      await expect(dialog).toContainText(sentence);
    }
    await read(page, "swift/long", 40_000);
    await expect(dialog.getByRole("status")).toContainText(/[1-9][\d,]* of 40,000 rows/);
    await dialog.getByRole("button", { name: "Stop" }).click();
    await expect(dialog.getByRole("button", { name: "Read the rows" })).toBeEnabled();
    await expect(dialog.getByRole("alert")).toHaveCount(0);
    await dialog.getByRole("button", { name: "Cancel" }).click();
    await expect(page.getByText("No dataset yet")).toBeVisible();
  },
);

async function openDialog(page: Page): Promise<void> {
  await page.goto("/datasets");
  await expect(page.getByText("No dataset yet")).toBeVisible();
  await page.getByRole("button", { name: "From a hub" }).click();
}

async function read(page: Page, address: string, rows: number): Promise<void> {
  await page.getByLabel("Dataset", { exact: true }).fill(address);
  await page.getByLabel("First rows").fill(String(rows));
  await page.getByRole("button", { name: "Read the rows" }).click();
}
