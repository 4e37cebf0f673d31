import { readFile } from "node:fs/promises";
import { expect, test } from "./fixtures";
import { verifies } from "./requirements";

test(
  "one's own server: a form gives the file and every machine's commands, and says what cannot be",
  verifies("connect.own-server"),
  async ({ page }) => {
    await page.goto("/connect");
    await page.getByRole("link", { name: "Run your own server" }).click();
    const file = page.getByLabel("Contents of server_config.yaml");
    await expect(file).toContainText("backend: transformers");

    await page.getByLabel("GPUs a machine").fill("4");
    await page.getByLabel("Machines", { exact: true }).fill("2");
    await expect(page.getByText("Several machines need the first one's IP address")).toBeVisible();
    await expect(file).toBeHidden();
    await page.getByLabel("First machine").fill("10.0.0.5");
    await page.getByRole("radio", { name: "Megatron" }).click();
    await page.getByLabel("Tensor parallel").fill("3");
    await expect(page.getByText("4 GPUs train, which cannot be divided")).toBeVisible();
    await page.getByLabel("Tensor parallel").fill("2");

    await expect(page.getByRole("status")).toHaveText(
      "4 GPUs train, 2 answer, 2 stay idle. A batch needs 2 samples or more, one for each copy of the model.",
    );
    await expect(page.getByRole("heading", { name: "Machine 2" })).toBeVisible();
    await expect(
      page.getByText("CUDA_VISIBLE_DEVICES=0,1 ray start --address=10.0.0.5:6379 --num-gpus=2"),
    ).toBeVisible();
    const download = page.waitForEvent("download");
    await page.getByRole("link", { name: "Download" }).click();
    const text = await readFile(await (await download).path(), "utf8");
    expect(text).toBe(await file.textContent());
    expect(text).toContain("tp_size: 2");
  },
);
