import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures";
import { verifies } from "./requirements";

const ROWS = 64;
const LONG_RUN_EPOCHS = "60";

test(
  "a run trains live, is saved and paused, goes on with the same curve, and stops with a save",
  verifies("train.loss-falls", "watch.pause-resume", "watch.save-stop"),
  async ({ page }) => {
    await startLongRun(page);
    await reachStep(page, 12);
    const early = await curveOf(page);
    expect(early.at(-1)!.loss).toBeLessThan(early[0]!.loss);
    await expect(page).toHaveTitle(/^\d+% · numbers$/);

    await button(page, "Save now").click();
    await expect(page.getByRole("row", { name: /step-\d+/ })).toHaveCount(1);

    await button(page, "Pause").click();
    await expect(status(page)).toHaveText("Paused");
    const paused = await curveOf(page);
    await expect(page.getByText(/Paused and safe at step \d+/)).toBeVisible();

    await button(page, "Resume").click();
    await expect(status(page)).toHaveText("Training");
    await reachStep(page, paused.length + 3);
    const resumed = await curveOf(page);
    expect(resumed.slice(0, paused.length)).toEqual(paused);
    expect(resumed.map(({ step }) => step)).toEqual(resumed.map((_, index) => index + 1));

    await button(page, "Stop").click();
    const dialog = page.getByRole("dialog");
    await expect(dialog.getByRole("button", { name: "Keep training" })).toBeVisible();
    await expect(dialog.getByRole("button", { name: "Stop without saving" })).toBeVisible();
    await dialog.getByRole("button", { name: "Keep training" }).click();
    await expect(status(page)).toHaveText("Training");
    await button(page, "Stop").click();
    await dialog.getByRole("button", { name: "Stop and save" }).click();
    await expect(status(page)).toHaveText("Stopped");
    const saved = await savedStep(page);
    expect(saved).toBe((await curveOf(page)).length);
  },
);

test(
  "a reload in the middle goes on by itself from the last save, and drops only what came after it",
  verifies("watch.reload"),
  async ({ page }) => {
    await startLongRun(page);
    await reachStep(page, 8);
    await button(page, "Save now").click();
    await expect(page.getByText(/the last save/)).toBeVisible();
    const saved = await savedStep(page);
    await reachStep(page, saved + 3);
    const before = (await curveOf(page)).slice(0, saved);

    await page.reload();
    await expect(status(page)).toHaveText("Training");
    await reachStep(page, saved + 2);
    const after = await curveOf(page);
    expect(after.slice(0, saved)).toEqual(before);
    expect(after.map(({ step }) => step)).toEqual(after.map((_, index) => index + 1));
    await page.getByRole("tab", { name: "Log" }).click();
    await expect(page.getByText(`Resumed after step ${saved},`)).toBeVisible();
    await stop(page);
  },
);

test(
  "a second tab follows the run and changes nothing",
  verifies("watch.second-tab"),
  async ({ page, context }) => {
    await startLongRun(page);
    await reachStep(page, 3);
    const second = await context.newPage();
    await second.goto(page.url());
    await expect(second.getByText("Read-only here")).toBeVisible();
    await expect(second.getByText(/Another tab of this browser drives the run/)).toBeVisible();
    await expect(button(second, "Pause")).toHaveCount(0);
    await expect(button(second, "Stop")).toHaveCount(0);
    await reachStep(second, (await stepOf(second)) + 3);

    await button(page, "Pause").click();
    await expect(status(second)).toHaveText("Paused");
    await expect(button(second, "Resume")).toBeEnabled();
  },
);

test(
  "a server that goes away makes the run wait with a reason, and it goes on when the server is back",
  verifies("watch.server-gone"),
  async ({ page, ownServer }) => {
    await page.goto("/connect");
    await page.getByRole("radio", { name: /Another address/ }).click();
    await page.getByLabel("Address").fill(ownServer.url);
    await button(page, "Check and connect").click();
    await expect(page.getByText("Connected.")).toBeVisible();

    await startLongRun(page);
    await reachStep(page, 4);
    await button(page, "Save now").click();
    await expect(page.getByText(/the last save/)).toBeVisible();
    const saved = await savedStep(page);

    await ownServer.kill();
    await expect(status(page)).toHaveText("Waiting for server");
    await expect(page.getByText(/Nothing is lost; the run goes on by itself/)).toBeVisible();
    await ownServer.start();
    await expect(status(page)).toHaveText("Training", { timeout: 60_000 });
    await reachStep(page, saved + 3);
    await stop(page);
  },
);

test("the list shows the runs of this browser; deleting one leaves its checkpoints on the server", async ({
  page,
}) => {
  await page.goto("/runs");
  await expect(page.getByText("No run yet")).toBeVisible();
  await startLongRun(page);
  await reachStep(page, 2);
  await button(page, "Save now").click();
  await expect(page.getByText(/the last save/)).toBeVisible();
  await page.getByRole("link", { name: "Runs" }).click();
  const row = page
    .getByRole("table", { name: "Runs", exact: true })
    .getByRole("row", { name: /numbers/ });
  await expect(row).toContainText(/Training \d+%/);
  await row.getByRole("button", { name: "Delete numbers" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog).toContainText("Its checkpoint on the server stays");
  await expect(dialog).toContainText("it is stopped first");
  await dialog.getByRole("button", { name: "Delete the run" }).click();
  await expect(page.getByText("No run yet")).toBeVisible();
  await page.getByRole("link", { name: "Checkpoints", exact: true }).click();
  await expect(page.getByText(/step-\d{6}/).first()).toBeVisible();
});

function status(page: Page) {
  return page.getByTestId("run-status");
}

function button(page: Page, name: string) {
  return page.getByRole("button", { name, exact: true });
}

async function stop(page: Page): Promise<void> {
  await button(page, "Stop").click();
  await page.getByRole("button", { name: "Stop without saving" }).click();
  await expect(status(page)).toHaveText("Stopped");
}

async function stepOf(page: Page): Promise<number> {
  const text = await page.getByText(/^Step [\d,]+ of/).innerText();
  return Number(/^Step ([\d,]+)/.exec(text)![1]!.replace(",", ""));
}

async function reachStep(page: Page, step: number): Promise<void> {
  await expect.poll(() => stepOf(page), { timeout: 60_000 }).toBeGreaterThanOrEqual(step);
}

/** Step of the newest checkpoint, as the page's table has it. */
async function savedStep(page: Page): Promise<number> {
  const name = await page
    .getByRole("cell", { name: /step-\d{6}/ })
    .first()
    .innerText();
  return Number(/step-(\d{6})/.exec(name)![1]);
}

/** The curve as the browser keeps it. */
function curveOf(page: Page): Promise<{ step: number; loss: number }[]> {
  const key = page.url().split("/").at(-1)!;
  return page.evaluate(async (runKey) => {
    const settled = <Result>(request: IDBRequest<Result>) =>
      new Promise<Result>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error ?? new Error("not readable"));
      });
    const database = await settled(indexedDB.open("twinkle-studio"));
    const steps = database.transaction("steps").objectStore("steps");
    const points = (await settled(
      steps.getAll(IDBKeyRange.bound([runKey, 0], [runKey, Infinity])),
    )) as { step: number; loss: number }[];
    database.close();
    return points.map(({ step, loss }) => ({ step, loss }));
  }, key);
}

/** A run that nothing but the test ends. */
async function startLongRun(page: Page): Promise<void> {
  await page.goto("/datasets");
  const rows = Array.from({ length: ROWS }, (_, row) =>
    JSON.stringify({ prompt: `number ${row}: `, completion: row % 2 === 0 ? "even" : "odd" }),
  );
  await page.getByLabel("Dataset file").setInputFiles({
    name: "numbers.jsonl",
    mimeType: "application/json",
    buffer: Buffer.from(rows.join("\n")),
  });
  await page.getByRole("link", { name: "Plan a run" }).click();
  await page.waitForURL(/\/runs\/new/);
  await page.getByRole("textbox", { name: "Epochs" }).fill(LONG_RUN_EPOCHS);
  await page.getByRole("radio", { name: "Every so many steps" }).click();
  await page.getByRole("textbox", { name: "Steps between checkpoints" }).fill("1000");
  await button(page, "Start training").click();
  await page.waitForURL(/\/runs\/(?!new)/);
}
