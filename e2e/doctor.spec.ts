import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures";
import { verifies } from "./requirements";
import { startLesserServer } from "./servers/lesser-server";
import { seedRun } from "./servers/seed-run";

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
    await shoot(page, "doctor-done");
    await page.goto("/checkpoints?q=studio-doctor");
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await expect(page.getByRole("checkbox", { name: /studio-doctor/ })).toHaveCount(0);
  },
);

test(
  "what a server lacks is found once, kept, and shown closed with the reason",
  verifies("doctor.lacks"),
  async ({ page, ownServer }) => {
    const { runId } = await seedRun(ownServer.url, { name: "on a lesser server", saves: 1 });
    const lesser = await startLesserServer(ownServer.url, (method, path, body) => {
      if (method === "DELETE" || /chat\/completions$|\/publish$/.test(path)) return 404;
      return path.endsWith("asample") && /:\/\/[^/]+\/weights\//.test(body) ? 400 : null;
    });
    await page.goto("/connect");
    await page.getByRole("radio", { name: /Another address/ }).click();
    await page.getByLabel("Address").fill(lesser.url);
    await page.getByRole("button", { name: "Check and connect" }).click();
    await expect(page.getByText("Connected.")).toBeVisible();

    await page.getByRole("link", { name: "Run the doctor" }).click();
    const known = page.getByRole("region", { name: "What this server can do" });
    await expect(known).toContainText("This server does not stream: answers come whole.");
    await expect(known).not.toContainText("This server does not delete checkpoints.");
    await page.getByRole("button", { name: "Examine the server" }).click();
    await expect(known).toContainText("This server does not delete checkpoints.", {
      timeout: 100_000,
    });
    await expect(known).toContainText("This server does not publish.");
    await expect(page.getByRole("note")).toContainText("does not remove what was made");
    await shoot(page, "doctor-lacks");
    await page.reload();
    await expect(known).toContainText("This server does not publish.");
    await expect(page.getByRole("status")).toContainText("absent");

    await page.goto(`/checkpoints?q=${runId}`);
    const action = (name: string) => page.getByRole("button", { name: `${name}: epoch-1` });
    for (const name of ["Chat", "Publish", "Delete"])
      await expect(action(name)).toHaveAttribute("aria-disabled", "true");
    await expect(action("Continue training")).toHaveAttribute("aria-disabled", "false");
    await action("Delete").hover();
    await expect(page.getByRole("tooltip")).toContainText(
      "This server does not delete checkpoints.",
    );
    await page.getByRole("checkbox", { name: /^Select epoch-1/ }).check();
    const selection = page.getByRole("region", { name: "Selection" });
    await expect(selection.getByRole("button", { name: /^Delete 1/ })).toBeDisabled();
    await shoot(page, "checkpoints-lacks");

    await page.goto(`/playground?path=twinkle://${runId}/weights/epoch-1-step-000001`);
    const reason = "This server samples only what was saved for the sampler.";
    await expect(page.getByRole("note")).toHaveText(reason);
    await page.getByLabel("Message").fill("hello");
    await expect(page.getByRole("button", { name: "Send", exact: true })).toBeDisabled();
    await expect(page.getByText("This server does not stream: answers come whole.")).toBeVisible();
    await shoot(page, "playground-lacks");
    await lesser.stop();
  },
);

async function shoot(page: Page, name: string): Promise<void> {
  for (const theme of ["light", "dark"]) {
    await page.evaluate((value) => (document.documentElement.dataset["theme"] = value), theme);
    const path = `out/screens/en/${name}-${theme}.png`;
    await page.screenshot({ path, animations: "disabled" });
  }
}
