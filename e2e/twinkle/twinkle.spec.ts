import { readFile, writeFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { columnOf, supportColumn } from "@/lib/doctor/support-table";
import type { DoctorReport } from "@/lib/doctor/types";
import { ask } from "../journey";
import { connect, expect, MODEL, test } from "./fixtures";
import { examine, status, token, train } from "./journey";

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
  const lengths = await answerLengths(page);
  await ask(page, "Is number 4 even or odd?");
  await expect(page.getByTestId("answer")).toHaveAttribute("data-state", "done", {
    timeout: 120_000,
  });
  expect((await lengths()).length).toBeGreaterThan(1);

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
  await examine(page);
  await page.screenshot({ path: "out/screens/en/twinkle-doctor.png", fullPage: true });
  await expect(page.getByRole("status")).toHaveText(/^\d+ ok · 2 differs$/);

  const report = await lastReport(page);
  // For scripts/support-table.mjs, when the server does otherwise than the table says.
  await writeFile("out/twinkle-doctor.json", JSON.stringify(report));
  const docs = await readFile("docs/servers.md", "utf8");
  expect(columnOf(docs, "Twinkle Server 0.5.1")).toEqual(supportColumn(report));
});

test("two browsers with different tokens see only their own runs", async ({ page, browser }) => {
  const alice = token("alice");
  await connect(page, alice);
  await train(page, { name: "of alice", epochs: 1 });
  await expect(status(page)).toHaveText("Done", { timeout: 240_000 });
  await page.goto("/checkpoints");
  await expect(page.getByRole("button", { name: /^of alice/ })).toBeVisible();

  const baseURL = new URL(page.url()).origin;
  const other = await browser.newPage({ baseURL });
  await connect(other, token("bob"));
  await other.goto("/checkpoints");
  await expect(other.getByText("Checkpoints of all runs on this server stand here.")).toBeVisible();
  await expect(other.getByRole("button", { name: /^of alice/ })).toHaveCount(0);
  await other.goto("/runs");
  await expect(other.getByText("No run yet")).toBeVisible();
  await expect(other.getByText("of alice")).toHaveCount(0);
  await other.close();

  const second = await browser.newPage({ baseURL });
  await connect(second, alice);
  await second.goto("/runs");
  await expect(second.getByRole("row", { name: /^of alice/ })).toBeVisible();
  await second.close();
});

/** The lengths that an answer has from now on while it is written. */
async function answerLengths(page: Page): Promise<() => Promise<number[]>> {
  const seen = await page.evaluateHandle(() => {
    const lengths = new Set<number>();
    new MutationObserver(() => {
      const answer = document.querySelector('[data-testid="answer"][data-state="writing"]');
      if (answer?.textContent) lengths.add(answer.textContent.length);
    }).observe(document.body, { subtree: true, childList: true, characterData: true });
    return lengths;
  });
  return () => seen.evaluate((lengths) => [...lengths]);
}

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
