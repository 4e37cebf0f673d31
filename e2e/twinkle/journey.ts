import type { Page } from "@playwright/test";
import { expect } from "./fixtures";

/** Twinkle names the owner of everything by the token, so each test has its own. */
export const token = (owner: string) => `e2e-${owner}-${Date.now()}`;

export const ROWS = Array.from({ length: 24 }, (_, row) => ({
  messages: [
    { role: "user", content: `Is number ${row} even or odd?` },
    { role: "assistant", content: row % 2 === 0 ? "It is even." : "It is odd." },
  ],
}));

/** A run that nothing but the test ends. */
export const ENDLESS = 1_000;

export function status(page: Page) {
  return page.getByTestId("run-status");
}

/** Saves after every epoch; one that is endless saves only when it is told to. */
export async function train(page: Page, { name, epochs }: { name: string; epochs: number }) {
  await plan(page, { name, epochs });
  await start(page);
}

/** Fills in the form of a run. */
export async function plan(page: Page, { name, epochs }: { name: string; epochs: number }) {
  await page.goto("/datasets");
  await page.getByLabel("Dataset file").setInputFiles({
    name: `${name}.jsonl`,
    mimeType: "application/json",
    buffer: Buffer.from(ROWS.map((row) => JSON.stringify(row)).join("\n")),
  });
  await page.getByRole("link", { name: "Plan a run" }).click();
  await page.waitForURL(/\/runs\/new/);
  await page.getByRole("textbox", { name: "Name" }).fill(name);
  await page.getByRole("textbox", { name: "Epochs" }).fill(String(epochs));
  if (epochs < ENDLESS) return;
  await page.getByRole("radio", { name: "Every so many steps" }).click();
  await page.getByRole("textbox", { name: "Steps between checkpoints" }).fill("100000");
}

export async function start(page: Page) {
  await page.getByRole("button", { name: "Start training" }).first().click();
  await page.waitForURL(/\/runs\/(?!new)/);
}

/** Waits until so many steps are confirmed; gives how many are. */
export async function reachStep(page: Page, step: number): Promise<number> {
  const reached = async () => {
    const text = await page.getByText(/^Step [\d,]+ of/).innerText();
    return Number(/^Step ([\d,]+)/.exec(text)?.[1]?.replace(",", ""));
  };
  await expect.poll(reached, { timeout: 100_000 }).toBeGreaterThanOrEqual(step);
  return reached();
}

export async function stop(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Stop", exact: true }).click();
  await page.getByRole("button", { name: "Stop without saving" }).click();
  await expect(status(page)).toHaveText("Stopped");
}

/** Trains a run of one epoch and opens the dialog that publishes its checkpoint; gives the path of that. */
export async function openPublish(page: Page, { name }: { name: string }): Promise<string> {
  await train(page, { name, epochs: 1 });
  await expect(status(page)).toHaveText("Done", { timeout: 240_000 });
  await page.goto(`/checkpoints?q=${name}`);
  await page.getByRole("button", { name: /^Publish: epoch-1/ }).click();
  await page.waitForURL(/publish=/);
  return new URL(page.url()).searchParams.get("publish") ?? "";
}

/** Lets the doctor examine the connected server. */
export async function examine(page: Page): Promise<void> {
  await page.goto("/connect/doctor");
  await page.getByRole("button", { name: "Examine the server" }).click();
  await expect(page.getByRole("button", { name: "Copy the report" })).toBeVisible({
    timeout: 200_000,
  });
}
