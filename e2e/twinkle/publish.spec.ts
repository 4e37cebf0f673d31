import { connect, expect, MODEL, test } from "./fixtures";
import { openPublish } from "./journey";
import { fileOnHub } from "./on-hub";

test("a checkpoint is published by the server, found on the hub, given its card, and linked", async ({
  page,
  hub,
}) => {
  await connect(page, hub.token);
  const path = await openPublish(page, { name: "published" });
  const [, run, checkpoint] = /^twinkle:\/\/([^/]+)\/weights\/(.+)$/.exec(path) ?? [];
  const modelId = `${hub.user}/${run}_${checkpoint}`;
  const dialog = page.getByRole("dialog", { name: "Publish to ModelScope" });
  await expect(dialog).toContainText(modelId);
  await dialog.getByRole("button", { name: "Publish to ModelScope" }).click();
  await expect(dialog).toContainText("The model is on ModelScope, as a private one.");
  for (const file of ["adapter_model.safetensors", "adapter_config.json", "README.md"])
    await expect(dialog).toContainText(file);
  await expect(dialog.getByRole("link", { name: "Open on ModelScope" })).toHaveAttribute(
    "href",
    `${hub.url}/models/${modelId}`,
  );
  await page.screenshot({ path: "out/screens/en/twinkle-published.png" });

  const card = await fileOnHub(hub, modelId, "README.md");
  expect(card).toMatch(new RegExp(`^---\nbase_model: ${MODEL}\nlibrary_name: peft\n`));
  expect(card).toContain("tags:\n  - lora\n  - peft\n---\n");
  expect(card).toContain("| Training run | `published` |");
  expect(card).toContain(`| Checkpoint | \`${path}\` |`);
  expect(card).toMatch(/\| Optimizer steps \| `\d+` \|\n\| Training loss \| `\d+\.\d{4}` \|/);
  expect(card).toContain(`snapshot_download("${modelId}")`);
});
