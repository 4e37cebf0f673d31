import { connect, expect, SERVER_URL, test } from "./fixtures";
import { ENDLESS, plan, reachStep, start, status, stop, token, train } from "./journey";
import { client } from "./other-client";

/** As run.mjs starts the server; models are looked through every ten seconds. */
const ADAPTER_TIMEOUT_MS = 30_000;

test("with all LoRA slots taken a run waits and says why; it starts when one is free, and its end frees that again", async ({
  page,
}) => {
  const other = client(SERVER_URL, token("other"));
  await connect(page, token("waiting"));
  await plan(page, { name: "waiting", epochs: 1 });
  const taken = [await other.model()];
  const { most, used } = await other.slots();
  for (let free = most - used; free > 0; free--) taken.push(await other.model());

  await start(page);
  await expect(status(page)).toHaveText("Waiting for server");
  await expect(page.getByText("All LoRA slots of the server are taken.")).toBeVisible();
  await expect(page.getByText(/^Waiting for .*No lora available/)).toBeVisible();
  await page.screenshot({ path: "out/screens/en/twinkle-no-slot.png" });
  await other.done("unload_model", { model_id: taken.pop() });
  await expect(status(page)).toHaveText("Done", { timeout: 120_000 });
  expect((await other.slots()).used).toBeLessThan(most);
  for (const model_id of taken) await other.done("unload_model", { model_id });
});

test("pausing a run frees its slot at once; closing its tab frees it when its heartbeats are missed", async ({
  page,
  context,
}) => {
  const { slots } = client(SERVER_URL, token("looking"));
  const used = () => slots().then((count) => count.used);
  await connect(page, token("leaving"));
  expect(await used()).toBe(0);
  await train(page, { name: "left", epochs: ENDLESS });
  await reachStep(page, 1);
  expect(await used()).toBe(1);
  await page.getByRole("button", { name: "Pause", exact: true }).click();
  await expect(status(page)).toHaveText("Paused");
  expect(await used()).toBe(0);

  await page.getByRole("button", { name: "Resume", exact: true }).click();
  await expect(status(page)).toHaveText("Training");
  const run = page.url();
  await page.close();
  const closedAt = Date.now();
  expect(await used()).toBe(1);
  await expect.poll(used, { timeout: ADAPTER_TIMEOUT_MS + 60_000 }).toBe(0);
  const heldMs = Date.now() - closedAt;
  test.info().annotations.push({ type: "slot held after closing", description: `${heldMs} ms` });
  expect(heldMs).toBeGreaterThan(ADAPTER_TIMEOUT_MS / 2);

  const again = await context.newPage();
  await again.goto(run);
  await expect(status(again)).toHaveText("Interrupted");
  await again
    .getByRole("button", { name: /^Continue/ })
    .first()
    .click();
  await expect(status(again)).toHaveText("Training");
  await stop(again);
  expect(await used()).toBe(0);
});
