import { execFile } from "node:child_process";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { pigLatinRows } from "@/lib/dataset/samples";
import { expect, test } from "./fixtures";
import { verifies } from "./requirements";
import { ROOT } from "./servers/studio";

const run = promisify(execFile);
const ROWS = pigLatinRows().split("\n").slice(0, 24).join("\n");

test(
  "a run shows itself as a command, which repeats it, and as a script",
  verifies("command.code"),
  async ({ page, context }) => {
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    await page.goto("/datasets");
    await page.getByLabel("Dataset file").setInputFiles({
      ...{ name: "some pig latin.jsonl", mimeType: "application/json", buffer: Buffer.from(ROWS) },
    });
    await page.getByRole("link", { name: "Plan a run" }).click();
    await page.getByRole("textbox", { name: "Epochs" }).fill("2");
    await page.getByRole("button", { name: "Start training" }).first().click();
    await expect(page.getByTestId("run-status")).toHaveText("Done", { timeout: 60_000 });
    await expect(page.getByText(/^Step 6 of 6/)).toBeVisible();

    await page.getByRole("button", { name: "Show as code" }).click();
    const dialog = page.getByRole("dialog", { name: /as code$/ });
    await dialog.getByRole("button", { name: "Copy" }).click();
    const command = await page.evaluate(() => navigator.clipboard.readText());
    expect(await dialog.getByLabel("run.sh").innerText()).toBe(command);
    await dialog.getByRole("tab", { name: "Python" }).click();
    await expect(dialog.getByLabel("run.py")).toContainText('BASE_MODEL = "twinkle/spark"');
    await expect(dialog.getByLabel("run.py")).toContainText("EPOCHS = 2");

    await page.keyboard.press("Escape");
    await expect(page.getByRole("button", { name: "Show as code" })).toBeFocused();

    const folder = await mkdtemp(path.join(tmpdir(), "studio-code-"));
    try {
      await writeFile(path.join(folder, "some pig latin.jsonl"), ROWS);
      const here = command.replace("npm run -s studio --", `node "${ROOT}/scripts/studio.mjs"`);
      const { stdout } = await run("sh", ["-c", `${here.trim()} --out runs --json`], {
        cwd: folder,
        env: { ...process.env, INIT_CWD: folder, STUDIO_DATA_DIR: path.join(folder, "data") },
      });
      expect(JSON.parse(stdout)).toMatchObject({ steps: 6 });
      expect(await readdir(path.join(folder, "runs"))).toHaveLength(1);
    } finally {
      await rm(folder, { recursive: true });
    }
  },
);
