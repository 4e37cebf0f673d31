import { connect, expect } from "./fixtures";
import { start, status, token, train } from "./journey";
import { withOwnServer } from "./own-server-fixture";

/** The fault needs a server that has trained nothing else, and leaves it unable to train at all until it is started again. */
const test = withOwnServer({ TW_SHIM_KEEP_BUGS: "1" });

test("an optimizer state that the server cannot load is told in a sentence and remembered; from the weights alone the run goes on, once the server that broke on it was started again", async ({
  page,
  own,
}) => {
  await connect(page, token("optimizer"), own.url);
  await train(page, { name: "resumed", epochs: 1 });
  await expect(status(page)).toHaveText("Done", { timeout: 240_000 });
  await page.goto("/checkpoints?q=resumed");
  await page.getByRole("button", { name: /^Continue training: epoch-1/ }).click();
  await start(page);
  const run = page.url();
  await expect(status(page)).toHaveText("Failed", { timeout: 60_000 });
  const reason = page.getByRole("alert").filter({ hasText: "reported a failure" });
  await expect(reason).toContainText("parameter group");
  await expect(reason).not.toContainText(/Traceback|File "/);
  await expect(page.getByText("but not its optimizer state")).toBeVisible();
  await page.screenshot({ path: "out/screens/en/twinkle-optimizer.png" });

  await page.goto("/connect/doctor");
  await expect(page.getByRole("region", { name: "What this server can do" })).toContainText(
    "This server did not load the optimizer state of a checkpoint.",
  );

  await page.goto(run);
  await page.getByRole("button", { name: "Continue" }).click();
  await expect(status(page)).toHaveText("Waiting for server");
  await expect(page.getByText("The server has lost its adapters")).toBeVisible();
  await expect(page.getByText(/^Waiting for .*Adapter \S+ not found/)).toBeVisible();
  await page.screenshot({ path: "out/screens/en/twinkle-adapters-lost.png" });

  await own.stop();
  await own.start();
  await expect(status(page)).toHaveText("Done", { timeout: 120_000 });
  await page.getByRole("tab", { name: "Log" }).click();
  await expect(
    page.getByText(/^Weights loaded from .*, without the optimizer state/),
  ).toBeVisible();
});
