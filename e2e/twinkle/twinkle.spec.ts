import { readFile, writeFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { columnOf, supportColumn } from "@/lib/doctor/support-table";
import type { DoctorReport } from "@/lib/doctor/types";
import { ask } from "../journey";
import { connect, expect, MODEL, test } from "./fixtures";

/** Twinkle names the owner of everything by the token, so each test has its own. */
const token = (owner: string) => `e2e-${owner}-${Date.now()}`;

const ROWS = Array.from({ length: 24 }, (_, row) => ({
  messages: [
    { role: "user", content: `Is number ${row} even or odd?` },
    { role: "assistant", content: row % 2 === 0 ? "It is even." : "It is odd." },
  ],
}));

test.describe.configure({ mode: "serial" });

test("a token connects, a file is trained for two epochs with the loss falling, and a checkpoint chats, goes on and is deleted alone", async ({
  page,
}) => {
  await connect(page, token("journey"));
  await expect(page.getByRole("region", { name: "The connected server" })).toContainText(MODEL);

  await train(page, { name: "numbers", epochs: 2 });
  await expect(status(page)).toHaveText("Done", { timeout: 240_000 });
  await page.screenshot({ path: "out/screens/en/twinkle-run.png" });
  await expect(page.getByText(/less in \d+ steps/)).toBeVisible();
  const rows = page.getByRole("row", { name: /epoch-\d-step-\d{6}/ });
  await expect(rows).toHaveCount(2);

  await page
    .getByRole("link", { name: /chat with it/i })
    .first()
    .click();
  await ask(page, "Is number 4 even or odd?");
  await expect(page.getByTestId("answer")).toHaveAttribute("data-state", "done", {
    timeout: 120_000,
  });

  await page.goto("/checkpoints?q=numbers");
  await page
    .getByRole("button", { name: /^Continue training: epoch-2/ })
    .first()
    .click();
  await page.getByRole("button", { name: "Start training" }).first().click();
  await page.waitForURL(/\/runs\/(?!new)/);
  await expect(status(page)).toHaveText("Done", { timeout: 240_000 });

  await page.goto("/checkpoints?q=numbers");
  const first = page.getByRole("button", { name: /^Delete: epoch-1-step-\d{6}/ }).last();
  await expect(first).toBeVisible();
  const kept = await page.getByRole("checkbox", { name: /^Select epoch-/ }).count();
  await first.click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Delete it" }).click();
  await expect(dialog).toBeHidden();
  await page.reload();
  await expect(page.getByRole("checkbox", { name: /^Select epoch-/ })).toHaveCount(kept - 1);
});

test("the doctor finds what Twinkle does otherwise, and nothing failed", async ({ page }) => {
  await connect(page, token("doctor"));
  await page.getByRole("link", { name: "Run the doctor" }).click();
  await page.getByRole("button", { name: "Examine the server" }).click();
  await expect(page.getByRole("button", { name: "Copy the report" })).toBeVisible({
    timeout: 200_000,
  });
  await page.screenshot({ path: "out/screens/en/twinkle-doctor.png", fullPage: true });
  await expect(page.getByRole("status")).toHaveText(/^\d+ ok · 2 differs$/);

  const report = await lastReport(page);
  // For scripts/support-table.mjs, when the server does otherwise than the table says.
  await writeFile("out/twinkle-doctor.json", JSON.stringify(report));
  const docs = await readFile("docs/servers.md", "utf8");
  expect(columnOf(docs, "Twinkle Server 0.5.1")).toEqual(supportColumn(report));
});

test("two browsers with different tokens see only their own runs", async ({ page, browser }) => {
  await connect(page, token("alice"));
  await train(page, { name: "of alice", epochs: 1 });
  await expect(status(page)).toHaveText("Done", { timeout: 240_000 });
  await page.goto("/checkpoints");
  await expect(page.getByRole("button", { name: /^of alice/ })).toBeVisible();

  const other = await browser.newPage({ baseURL: new URL(page.url()).origin });
  await connect(other, token("bob"));
  await other.goto("/checkpoints");
  await expect(other.getByText("Checkpoints of all runs on this server stand here.")).toBeVisible();
  await expect(other.getByRole("button", { name: /^of alice/ })).toHaveCount(0);
  await other.close();
});

/** As the studio keeps it in the browser. */
function lastReport(page: Page): Promise<DoctorReport> {
  return page.evaluate(async () => {
    const settled = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error!);
      });
    const database = await settled(indexedDB.open("twinkle-studio"));
    const records = database.transaction("servers").objectStore("servers").getAll();
    const [record] = (await settled(records)) as { report: DoctorReport }[];
    return record!.report;
  });
}

function status(page: Page) {
  return page.getByTestId("run-status");
}

async function train(page: Page, { name, epochs }: { name: string; epochs: number }) {
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
  await page.getByRole("button", { name: "Start training", exact: true }).click();
  await page.waitForURL(/\/runs\/(?!new)/);
}
