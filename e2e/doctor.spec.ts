import { expect, test } from "./fixtures";
import { verifies } from "./requirements";

test(
  "the doctor finds the local server well in all twenty steps and leaves no checkpoint behind",
  verifies("doctor.local"),
  async ({ page, context }) => {
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    await page.goto("/connect");
    await page.getByRole("link", { name: "Run the doctor" }).click();
    await page.getByRole("button", { name: "Examine the server" }).click();
    const copy = page.getByRole("button", { name: "Copy the report" });
    await expect(copy).toBeVisible({ timeout: 100_000 });
    await expect(page.getByRole("status")).toHaveText("20 ok");
    await copy.click();
    const report = await page.evaluate(() => navigator.clipboard.readText());
    expect(report).toContain("| adapter | ok |");
    for (const theme of ["light", "dark"]) {
      await page.evaluate((value) => (document.documentElement.dataset["theme"] = value), theme);
      await page.screenshot({ path: `out/screens/en/doctor-done-${theme}.png` });
    }
    await page.goto("/checkpoints?q=studio-doctor");
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await expect(page.getByRole("checkbox", { name: /studio-doctor/ })).toHaveCount(0);
  },
);
