import { connect, expect } from "./fixtures";
import { start, status, token, train } from "./journey";
import { withOwnServer } from "./own-server-fixture";

/** The fault needs a server that has trained nothing else, and leaves it unable to train at all. */
const test = withOwnServer({ TW_SHIM_KEEP_BUGS: "1" });

test("an optimizer state that the server cannot load is told in a sentence, with the way to go on from the weights alone, and is remembered", async ({
  page,
  own,
}) => {
  await connect(page, token("optimizer"), own.url);
  await train(page, { name: "resumed", epochs: 1 });
  await expect(status(page)).toHaveText("Done", { timeout: 240_000 });
  await page.goto("/checkpoints?q=resumed");
  await page.getByRole("button", { name: /^Continue training: epoch-1/ }).click();
  await start(page);
  await expect(status(page)).toHaveText("Failed", { timeout: 60_000 });
  const reason = page.getByRole("alert").filter({ hasText: "reported a failure" });
  await expect(reason).toContainText("parameter group");
  await expect(reason).not.toContainText(/Traceback|File "/);
  await page.screenshot({ path: "out/screens/en/twinkle-optimizer.png" });
  await expect(
    page.getByRole("button", { name: "Start a new run from the weights" }),
  ).toBeEnabled();

  await page.goto("/connect/doctor");
  await expect(page.getByRole("region", { name: "What this server can do" })).toContainText(
    "This server did not load the optimizer state of a checkpoint.",
  );
});
