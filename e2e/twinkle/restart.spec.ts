import { connect, expect } from "./fixtures";
import { ENDLESS, reachStep, status, stop, token, train } from "./journey";
import { withOwnServer } from "./own-server-fixture";

/** As others run it: with its faults. */
const test = withOwnServer({ TW_SHIM_KEEP_BUGS: "1" });

test("a server that is started again in the middle of a run has forgotten it; the run waits, and goes on from its last checkpoint", async ({
  page,
  own,
}) => {
  await connect(page, token("restart"), own.url);
  await train(page, { name: "interrupted", epochs: ENDLESS });
  await reachStep(page, 2);
  const curve = page.getByTestId("loss-chart").locator(".recharts-line-curve").last();
  const drawn = async () => (await curve.getAttribute("d"))?.length ?? 0;
  const early = await drawn();
  await expect.poll(drawn).toBeGreaterThan(early);
  await expect(status(page)).toHaveText("Training");
  await page.getByRole("button", { name: "Save now" }).click();
  const row = page.getByRole("row", { name: /step-\d{6}/ });
  await expect(row).toHaveCount(1);
  const saved = Number(/step-(\d{6})/.exec(await row.innerText())?.[1]);
  await reachStep(page, saved + 2);

  await own.stop();
  await expect(status(page)).toHaveText("Waiting for server");
  await expect(page.getByText("Nothing is lost; the run goes on by itself")).toBeVisible();
  await expect(page.getByText(/^Waiting for .*: ./)).toBeVisible();

  await own.start();
  await expect(status(page)).toHaveText("Training", { timeout: 120_000 });
  await page.getByRole("tab", { name: "Log" }).click();
  await expect(page.getByText(new RegExp(`^Went back to step ${saved}: .`)).first()).toBeVisible();
  await expect(page.getByText(/^Weights loaded from [^,]+$/).first()).toBeVisible();
  await reachStep(page, saved + 2);
  await stop(page);
});
