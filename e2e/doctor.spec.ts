import type { Page } from "@playwright/test";
import { standBefore } from "@/lib/testing/stand-before";
import { expect, test } from "./fixtures";
import { ask } from "./journey";
import { verifies } from "./requirements";
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
    const lesser = await standBefore(ownServer.url, (call, body) => {
      if (/^DELETE |chat\/completions$|\/publish$/.test(call))
        return { status: 404, body: { detail: "Not Found" } };
      return call === "POST asample" && /:\/\/[^/]+\/weights\//.test(body)
        ? { status: 400, body: { detail: "Not here." } }
        : null;
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
    for (const name of ["Publish", "Delete"])
      await expect(action(name)).toHaveAttribute("aria-disabled", "true");
    for (const name of ["Chat", "Continue training"])
      await expect(action(name)).toHaveAttribute("aria-disabled", "false");
    await action("Delete").hover();
    await expect(page.getByRole("tooltip")).toContainText(
      "This server does not delete checkpoints.",
    );
    await page.getByRole("checkbox", { name: /^Select epoch-1/ }).check();
    const selection = page.getByRole("region", { name: "Selection" });
    await expect(selection.getByRole("button", { name: /^Delete 1/ })).toBeDisabled();
    await shoot(page, "checkpoints-lacks");

    await page.goto(`/playground?path=twinkle://${runId}/weights/epoch-1-step-000001`);
    await expect(page.getByText("This server samples only what was saved")).toBeVisible();
    await expect(page.getByText("This server does not stream: answers come whole.")).toBeVisible();
    for (const turn of [0, 1]) {
      await ask(page, "hello");
      const answer = page.getByTestId("answer").nth(turn);
      await expect(answer).toHaveAttribute("data-state", "done");
    }
    await shoot(page, "playground-lacks");
    const copies = lesser.seen.filter(
      ({ path, body }) => /create_model/.test(path) && /copy_of/.test(body),
    );
    expect(copies).toHaveLength(1);
    await lesser.close();
  },
);

async function shoot(page: Page, name: string): Promise<void> {
  for (const theme of ["light", "dark"]) {
    await page.evaluate((value) => (document.documentElement.dataset["theme"] = value), theme);
    const path = `out/screens/en/${name}-${theme}.png`;
    await page.screenshot({ path, animations: "disabled" });
  }
}
