import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures";
import { verifies } from "./requirements";

const ROWS = 60;

test(
  "the form is filled in, says what the run comes to, and starts at once",
  verifies("train.form"),
  async ({ page }) => {
    await openForm(page);
    await field(page, "Batch size").fill("8");
    await field(page, "Epochs").fill("3");
    await expect(figure(page, "Training rows")).toHaveText("57");
    await expect(figure(page, "Validation rows")).toHaveText("3");
    await expect(figure(page, "Training requests")).toHaveText("48");
    await expect(figure(page, "Checkpoints")).toHaveText("3");

    await field(page, "Epochs").fill("1");
    await expect(figure(page, "Training requests")).toHaveText("16");
    await expect(page.getByRole("img", { name: /Learning rate over 8 steps/ })).toBeVisible();

    await startButton(page).click();
    await page.waitForURL(/\/runs\/(?!new)/);
  },
);

test("wrong fields keep the run from starting and say how to mend them; what was typed survives a reload", async ({
  page,
}) => {
  await openForm(page);
  const epochs = await field(page, "Epochs").inputValue();
  await field(page, "Learning rate").fill("fast");
  await field(page, "Epochs").fill("1.5");
  await expect(page.getByText("This is not a number. Write 100, 0.5 or 1e-4.")).toBeVisible();
  await expect(page.getByText("This must be a whole number.")).toBeVisible();
  await expect(startButton(page)).toBeDisabled();
  await expect(reason(page)).toHaveText("Mend the marked fields: Epochs and Learning rate.");

  await field(page, "Learning rate").fill("1e-4");
  await field(page, "Epochs").fill("777");
  await page.getByRole("radio", { name: "Other" }).click();
  await field(page, "Another rank").fill("64");
  await expect(page.getByText("Twinkle Server takes ranks up to 32")).toBeVisible();
  await field(page, "Another rank").fill("8");
  await page.reload();
  await expect(field(page, "Learning rate")).toHaveValue("1e-4");
  await expect(field(page, "Epochs")).toHaveValue("777");
  await expect(page.getByRole("radio", { name: "8", exact: true })).toBeChecked();

  await page.getByRole("button", { name: "Back to the defaults" }).click();
  await expect(field(page, "Epochs")).toHaveValue(epochs);
  await expect(startButton(page)).toBeEnabled();
});

test("a max length that leaves no row, and a name that cannot be shown, are refused before anything is sent", async ({
  page,
}) => {
  const sent: string[] = [];
  page.on("request", (request) => {
    if (request.method() === "POST") sent.push(request.url());
  });
  await openForm(page);
  await field(page, "Max length").fill("4");
  await expect(reason(page)).toContainText("No row is left to train on.");
  await expect(figure(page, "Rows left out")).toHaveText(String(ROWS));

  await page.getByRole("radio", { name: "Cut the start" }).click();
  await expect(figure(page, "Rows cut at the start")).toHaveText(String(ROWS));
  await expect(startButton(page)).toBeEnabled();

  await field(page, "Name").fill("bell\u0007");
  await expect(page.getByText("The name holds a character that cannot be shown")).toBeVisible();
  await expect(startButton(page)).toBeDisabled();
  expect(sent).toEqual([]);
});

test("a path that is no checkpoint is refused, and the form goes on without it", async ({
  page,
}) => {
  await openForm(page);
  await page.goto(`${page.url()}&from=${encodeURIComponent("/etc/passwd")}`);
  await expect(page.getByText("/etc/passwd is not the path of a checkpoint")).toBeVisible();
  await expect(startButton(page)).toBeDisabled();
  await page.getByRole("button", { name: "Start from the base model instead" }).click();
  await expect(startButton(page)).toBeEnabled();
});

test("without a dataset the form says where to get one", async ({ page }) => {
  await page.goto("/runs/new");
  await expect(page.getByText("A run needs a dataset")).toBeVisible();
  await page.getByRole("link", { name: "Import a dataset" }).click();
  await page.waitForURL(/\/datasets$/);
});

function field(page: Page, name: string) {
  return page.getByRole("textbox", { name });
}

function startButton(page: Page) {
  return page.getByRole("button", { name: "Start training" });
}

function reason(page: Page) {
  return page.getByRole("region", { name: "What this comes to" }).getByRole("status");
}

function figure(page: Page, name: string) {
  return page
    .getByRole("region", { name: "What this comes to" })
    .getByRole("definition")
    .and(page.locator(`dt:text-is("${name}") + dd`));
}

/** The form of a run on a dataset of its own. */
async function openForm(page: Page): Promise<void> {
  await page.goto("/datasets");
  await expect(page.getByText("No dataset yet")).toBeVisible();
  const rows = Array.from({ length: ROWS }, (_, row) =>
    JSON.stringify({ prompt: `number ${row}: `, completion: "yes" }),
  );
  await page.getByLabel("Dataset file").setInputFiles({
    name: "numbers.jsonl",
    mimeType: "application/json",
    buffer: Buffer.from(rows.join("\n")),
  });
  await page.getByRole("link", { name: "Plan a run" }).click();
  await page.waitForURL(/\/runs\/new/);
  await expect(startButton(page)).toBeEnabled();
}
