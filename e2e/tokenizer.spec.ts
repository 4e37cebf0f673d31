import { Buffer } from "node:buffer";
import { readFile } from "node:fs/promises";
import path from "node:path";
import type { Page } from "@playwright/test";
import { standBefore } from "@/lib/testing/stand-before";
import { expect, test } from "./fixtures";
import { verifies } from "./requirements";
import { ROOT } from "./servers/studio";

const MODEL = "twinkle/spark";
const SPARK = path.join(ROOT, "lib", "server", "builtin", "spark");
const FAILING_TEMPLATE =
  "{%- for message in messages %}\n\n{{ message.content | shout }}\n{% endfor %}";

test(
  "files of a model that nobody offers are given by hand, used for training and chat, and removed",
  verifies("tokenizer.by-hand"),
  async ({ page, studio }) => {
    const stop = await connectWithoutFiles(page, studio.serverUrl);
    await importRows(page, "chat.jsonl", { prompt: "hi", completion: "yo" });
    const missing = page.getByRole("alert").filter({ hasText: `The tokenizer of ${MODEL}` });
    await expect(missing).toContainText("Neither the training server nor a hub has its files.");

    await page.goto(`/runs/new?model=${MODEL}`);
    await missing.getByRole("button", { name: "Add its files" }).click();
    const dialog = page.getByRole("dialog");
    const use = dialog.getByRole("button", { name: "Use these files" });
    await expect(use).toBeDisabled();

    await pick(page, { "model.safetensors": "" });
    await expect(dialog).toContainText("None of these is a file of a tokenizer.");
    await pick(page, { "tokenizer.json": "{}" });
    await use.click();
    await expect(line(page, "tokenizer_config.json")).toContainText("This file is needed.");
    await pick(page, { "tokenizer_config.json": "<html>" });
    await use.click();
    await expect(line(page, "tokenizer_config.json")).toContainText("holds no JSON object");
    await pick(page, await spark("tokenizer_config.json"));
    await use.click();
    await expect(line(page, "tokenizer.json")).toContainText("no tokenizer that can be used");
    await dropFolder(page, SPARK);
    await expect(line(page, "generation_config.json")).toContainText(/\d+ B/);
    await use.click();
    await expect(dialog).toHaveCount(0);

    await expect(page.getByText("were added by hand")).toBeVisible();
    await page.reload();
    await page.getByRole("button", { name: "Start training" }).first().click();
    await page.waitForURL(/\/runs\/(?!new)/);
    await expect(page.getByRole("status").getByText("Done", { exact: true })).toBeVisible({
      timeout: 60_000,
    });

    await page.goto(`/playground?model=${MODEL}`);
    const message = page.getByRole("textbox", { name: "Message" });
    await message.fill("Hello!");
    await message.press("Enter");
    await expect(page.getByTestId("answer")).toContainText(/\d+ tokens/);
    await page.getByRole("button", { name: "Remove", exact: true }).click();
    await expect(page.getByRole("note").filter({ hasText: "could not be loaded" })).toContainText(
      "A single chat answer does not need it",
    );
    await message.fill("And now?");
    await message.press("Enter");
    await expect(page.getByTestId("answer").nth(1)).toHaveAttribute("data-state", "done");
    await stop();
  },
);

test(
  "a chat template that fails says why and in which line, and plain text goes on",
  verifies("tokenizer.template"),
  async ({ page, studio }) => {
    const stop = await connectWithoutFiles(page, studio.serverUrl);
    await importRows(page, "talk.jsonl", {
      messages: [
        { role: "user", content: "hi" },
        { role: "assistant", content: "yo" },
      ],
    });
    await page.getByRole("button", { name: "Add its files" }).click();
    await pick(page, {
      ...(await spark("tokenizer.json", "tokenizer_config.json")),
      "chat_template.jinja": FAILING_TEMPLATE,
    });
    await page.getByRole("button", { name: "Use these files" }).click();
    const failing = page.getByRole("alert").filter({ hasText: `The chat template of ${MODEL}` });
    await expect(failing).toContainText(/Line 3: .*shout/);
    await expect(failing).toContainText("plain text");

    await importRows(page, "text.jsonl", { text: "hi and yo" });
    await expect(page.getByTestId("token-count")).not.toHaveText("0");

    await page.goto(`/playground?model=${MODEL}`);
    const note = page.getByRole("note").filter({ hasText: "The chat template" });
    await expect(note).toContainText("Line 3:");
    await page.getByRole("radio", { name: "Text" }).click();
    await expect(note).toHaveCount(0);
    await page.getByRole("textbox", { name: "Max tokens" }).fill("8");
    const text = page.getByRole("textbox", { name: "Text to go on with" });
    await text.fill("Once upon a time");
    await text.press("Enter");
    await expect(page.getByTestId("answer")).toHaveAttribute("data-state", "done");
    await stop();
  },
);

/** Connects the studio to its own server by way of one that hands out no model files; no hub has those of its models. */
async function connectWithoutFiles(page: Page, serverUrl: string): Promise<() => Promise<void>> {
  const lesser = await standBefore(serverUrl, (call) =>
    /^GET studio\/models\/.+\/.+\/.+/.test(call)
      ? { status: 404, body: { detail: "Not Found" } }
      : null,
  );
  await page.goto("/connect");
  await page.getByRole("radio", { name: /Another address/ }).click();
  await page.getByLabel("Address").fill(lesser.url);
  await page.getByRole("button", { name: "Check and connect" }).click();
  await expect(page.getByText("Connected.")).toBeVisible();
  return () => lesser.close();
}

async function importRows(page: Page, name: string, row: object): Promise<void> {
  await page.goto("/datasets");
  const rows = `${JSON.stringify(row)}\n`.repeat(8);
  await page
    .getByLabel("Dataset file")
    .setInputFiles({ name, mimeType: "application/jsonl", buffer: Buffer.from(rows) });
  await page.waitForURL(/\/datasets\/.+/);
}

/** Files of the built-in model as they lie in its folder. */
async function spark(...names: string[]): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  for (const name of names) files[name] = await readFile(path.join(SPARK, name), "utf8");
  return files;
}

async function pick(page: Page, files: Record<string, string>): Promise<void> {
  await page.getByLabel("Files of the model").setInputFiles(
    Object.entries(files).map(([name, text]) => ({
      ...{ name, mimeType: "application/octet-stream", buffer: Buffer.from(text) },
    })),
  );
}

/** As a file manager does it. */
async function dropFolder(page: Page, folder: string): Promise<void> {
  const zone = await page.getByText("Drop the folder or its files here").boundingBox();
  const browser = await page.context().newCDPSession(page);
  for (const type of ["dragEnter", "dragOver", "drop"] as const) {
    await browser.send("Input.dispatchDragEvent", {
      ...{ type, x: zone!.x + 5, y: zone!.y + 5 },
      data: { items: [], files: [folder], dragOperationsMask: 1 },
    });
  }
}

function line(page: Page, name: string) {
  return page.getByRole("dialog").getByRole("listitem").filter({ hasText: name });
}
