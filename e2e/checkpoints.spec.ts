import { expect, test } from "./fixtures";
import { verifies } from "./requirements";
import { deleteBehind, seedRun } from "./servers/seed-run";

test(
  "runs are listed with their checkpoints and found by name",
  verifies("checkpoints.list"),
  async ({ page, studio, context }) => {
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    const nova = await seedRun(studio.serverUrl, { name: "nova", saves: 2, withSampler: true });
    const orion = await seedRun(studio.serverUrl, { name: "orion", saves: 1 });
    const header = ({ name }: typeof nova) =>
      page.getByRole("button", { name: new RegExp(`^${name}`) });
    await page.goto("/checkpoints");
    await expect(header(nova)).toContainText("twinkle/spark · rank 4 · 3 checkpoints");
    await expect(header(orion)).toBeVisible();

    await page.getByRole("searchbox", { name: "Filter by run" }).fill(nova.name);
    await expect(header(orion)).toBeHidden();
    await expect(page).toHaveURL(/q=nova/);
    await page.reload();
    const rows = page.getByRole("row").filter({ has: page.getByRole("checkbox") });
    await expect(rows.filter({ hasText: "epoch-2-step-000002" })).toContainText("training");
    await expect(rows.filter({ hasText: "sampler" })).toHaveCount(1);
    await expect(rows.filter({ hasText: "epoch-1" })).toContainText("just now");

    const blocked = rows
      .filter({ hasText: "sampler" })
      .getByRole("button", { name: /^Continue training/ });
    await expect(blocked).toHaveAttribute("aria-disabled", "true");
    await blocked.focus();
    await expect(page.getByRole("tooltip")).toContainText("hold no optimizer state");

    await rows
      .filter({ hasText: "epoch-2" })
      .getByRole("button", { name: /^Copy path/ })
      .click();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(
      `twinkle://${nova.runId}/weights/epoch-2-step-000002`,
    );
  },
);

test(
  "a checkpoint is chatted with, compared, and continued; the run can be asked while it trains",
  verifies("checkpoints.continue", "playground.compare"),
  async ({ page, studio }) => {
    await page.goto("/");
    await page.getByRole("button", { name: "Open the dataset" }).click();
    await page.waitForURL(/\/datasets\//);
    const run = await seedRun(studio.serverUrl, { name: "to continue", saves: 1 });
    await page.goto(`/checkpoints?q=${run.runId}`);
    await page.getByRole("button", { name: /^Chat: epoch-1/ }).click();
    await expect(
      page.getByRole("log", { name: `${run.name} · epoch-1-step-000001` }),
    ).toBeVisible();

    await page.goBack();
    await page.getByRole("button", { name: /^Compare with base: epoch-1/ }).click();
    await expect(page.getByRole("log")).toHaveCount(2);
    await expect(page.getByRole("log", { name: "twinkle/spark" })).toBeVisible();

    await page.goBack();
    await page.getByRole("button", { name: /^Continue training: epoch-1/ }).click();
    await expect(page).toHaveURL(/\/runs\/new\?from=/);
    await expect(
      page.getByText(`twinkle://${run.runId}/weights/epoch-1-step-000001`),
    ).toBeVisible();
    await page.getByRole("button", { name: "Start training" }).first().click();
    await page.waitForURL(/\/runs\/(?!new)/);
    await expect(page.getByRole("status").filter({ hasText: "Training" })).toBeVisible({
      timeout: 60_000,
    });

    await page.getByRole("link", { name: "Playground", exact: true }).click();
    await page.getByRole("button", { name: /as it is now$/ }).click();
    await expect(page.getByRole("log", { name: /as of step \d+$/ })).toBeVisible();
    await page.getByRole("textbox", { name: "Message" }).fill("Hello!");
    await page.getByRole("textbox", { name: "Message" }).press("Enter");
    await expect(page.getByTestId("answer")).toHaveAttribute("data-state", "done");
  },
);

test(
  "one and many checkpoints are deleted, and what fails is told by name",
  verifies("checkpoints.delete"),
  async ({ page, studio }) => {
    const run = await seedRun(studio.serverUrl, { name: "to delete", saves: 4 });
    await page.goto(`/checkpoints?q=${run.runId}`);
    await page.getByRole("button", { name: "Delete: epoch-1-step-000001" }).click();
    const dialog = page.getByRole("dialog");
    await expect(dialog).toContainText("cannot be brought back");
    await dialog.getByRole("button", { name: "Delete it" }).click();
    await expect(dialog).toBeHidden();
    await expect(page.getByText("epoch-1-step-000001")).toBeHidden();

    await page.getByRole("checkbox", { name: /^Select epoch-2/ }).check();
    await page.getByRole("checkbox", { name: /^Select epoch-3/ }).check();
    const bar = page.getByRole("region", { name: "Selection" });
    await expect(bar).toContainText("2 selected");
    await deleteBehind(studio.serverUrl, run.runId, "epoch-2-step-000002");
    await bar.getByRole("button", { name: /^Delete 2, free/ }).click();
    await dialog.getByRole("button", { name: "Delete all 2" }).click();
    await expect(dialog.getByRole("listitem").filter({ hasText: "epoch-3" })).toContainText(
      "Deleted",
    );
    await expect(dialog.getByRole("alert")).toContainText("epoch-2-step-000002 not found");
    await dialog.getByRole("button", { name: "Close" }).last().click();
    await expect(page.getByRole("checkbox", { name: /^Select epoch/ })).toHaveCount(1);
    await expect(page.getByText("epoch-4-step-000004")).toBeVisible();
  },
);
