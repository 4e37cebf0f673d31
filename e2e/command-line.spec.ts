import { rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { pigLatinRows } from "@/lib/dataset/samples";
import { expect, test } from "./fixtures";
import { verifies } from "./requirements";
import { startChild } from "./servers/child";
import { ROOT, type Studio } from "./servers/studio";

/** `train` in a process of its own, on the studio's server and data. */
async function startTraining(studio: Studio, ...fields: string[]) {
  const file = path.join(studio.dataDir, "pig.jsonl");
  await writeFile(file, pigLatinRows());
  const args = ["train", file, "--base", "twinkle/spark", "--run-name", "from-a-script", ...fields];
  return startChild("node", ["scripts/studio.mjs", ...args], {
    cwd: ROOT,
    env: { TWINKLE_SERVER: studio.serverUrl, STUDIO_DATA_DIR: studio.dataDir },
    ready: /step [1-9]/,
    timeoutMs: 60_000,
  });
}

test.afterEach(({ studio }) =>
  rm(path.join(studio.dataDir, "command-runs"), { recursive: true, force: true }),
);

test(
  "a run of the command line is in the browser's Runs, live and with its curve",
  verifies("command.seen"),
  async ({ page, studio }) => {
    const command = await startTraining(studio, "--epochs", "8");
    await page.goto("/runs");
    const row = page
      .getByRole("table", { name: "Runs", exact: true })
      .getByRole("row", { name: /from-a-script/ });
    await expect(row.getByRole("img", { name: "from the command line" })).toBeVisible();
    await expect(row.getByRole("button")).toHaveCount(0);
    await row.getByRole("link", { name: /from-a-script/ }).click();

    const status = page.getByTestId("run-status");
    await expect(status).toHaveText(/Training|Saving/);
    await expect(page.getByText("The command line of this machine drives the run.")).toBeVisible();
    await command.stop("SIGINT");
    await expect(status).toHaveText("Paused");
    await expect(page.getByText(/The same command goes on from step \d+/)).toBeVisible();

    const again = await startTraining(studio, "--epochs", "8");
    await expect(status).toHaveText("Done", { timeout: 90_000 });
    await again.stop();
    await page.getByRole("link", { name: "Chat with it" }).click();
    await expect(page).toHaveURL(/\/playground\?.*path=/);
  },
);

test(
  "another browser's run on the same server is listed with the way to its checkpoints",
  verifies("command.others"),
  async ({ page, studio }) => {
    const api = (route: string, body: object) =>
      page.request.post(`${studio.serverUrl}/api/v1/${route}`, {
        data: body,
        headers: { authorization: "Bearer EMPTY_TOKEN" },
      });
    const { session_id } = (await (
      await api("create_session", { tags: [], sdk_version: "script" })
    ).json()) as { session_id: string };
    await api("create_model", {
      ...{ session_id, model_seq_id: 0, base_model: "twinkle/spark" },
      ...{ lora_config: { rank: 4 }, user_metadata: null },
    });
    await page.goto("/runs");
    const others = page.getByRole("table", { name: "Other runs on the server" });
    await others
      .getByRole("link", { name: /Checkpoints of/ })
      .first()
      .click();
    await expect(page).toHaveURL(/\/checkpoints\?q=/);
  },
);
