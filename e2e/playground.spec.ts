import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures";
import { verifies } from "./requirements";
import { seedRun } from "./servers/seed-run";

const ask = async (page: Page, text: string) => {
  const message = page.getByRole("textbox", { name: /^(Message|Text to go on with)$/ });
  await message.fill(text);
  await message.press("Enter");
};

test(
  "a chat over several turns streams in and survives a reload",
  verifies("playground.chat"),
  async ({ page }) => {
    await page.goto("/playground");
    await expect(page.getByText("toy-sized model")).toBeVisible();
    await ask(page, "Hello!");
    const answers = page.getByTestId("answer");
    await expect(answers.nth(0)).toHaveAttribute("data-state", "done");
    await expect(answers.nth(0)).toContainText(
      /\d+ tokens.* s.*first after .* s.*tok\/s.*temp 0\.7/,
    );
    await ask(page, "What is your name?");
    await expect(answers.nth(1)).toHaveAttribute("data-state", "done");
    const said = await answers.allInnerTexts();
    await expect(page).toHaveURL(/chat=/);

    await page.reload();
    await expect(answers).toHaveCount(2);
    expect(await answers.allInnerTexts()).toEqual(said);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Hello!");

    await page.getByRole("button", { name: "New chat" }).click();
    await expect(answers).toHaveCount(0);
    await page.getByRole("button", { name: "Recent chats" }).click();
    await page.getByRole("menuitem", { name: "Hello!" }).click();
    await expect(answers).toHaveCount(2);

    await page.getByText("What is your name?").hover();
    await page.getByRole("button", { name: "Edit the question" }).last().click();
    const edit = page.getByRole("textbox", { name: "Edit the question" });
    await edit.fill("Who made you?");
    await page.getByRole("button", { name: "Ask", exact: true }).click();
    await expect(page.getByText("Who made you?")).toBeVisible();
    await page.getByRole("button", { name: "Previous" }).click();
    await expect(page.getByText("What is your name?")).toBeVisible();
  },
);

test(
  "the exact prompt is shown as text and ids, with every setting of the answer",
  verifies("playground.prompt"),
  async ({ page }) => {
    await page.goto("/playground?model=twinkle/spark");
    await page.getByRole("textbox", { name: "System prompt" }).fill("Be brief.");
    await page.getByRole("textbox", { name: "Seed" }).fill("7");
    await ask(page, "hi");
    await expect(page.getByTestId("answer")).toHaveAttribute("data-state", "done");
    await page.getByRole("button", { name: "Exact prompt" }).click();
    const dialog = page.getByRole("dialog");
    await expect(dialog).toContainText("Be brief.");
    await expect(dialog).toContainText("<|user|>hi<|end|><|assistant|>");
    await expect(dialog).toContainText(/\d+ token ids/);
    await expect(dialog.getByRole("group", { name: /token ids/ })).toContainText(/104 105/);
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Settings of this answer" }).click();
    await expect(page.getByRole("definition").filter({ hasText: /^7$/ })).toBeVisible();
  },
);

test(
  "plain text is completed by a run that was trained on text, and can be stopped",
  verifies("playground.text"),
  async ({ page, studio }) => {
    const run = await seedRun(studio.serverUrl, {
      ...{ name: "words", saves: 1, sampleKind: "completion" },
    });
    const path = `twinkle://${run.runId}/weights/${run.checkpoints[0]}`;
    await page.goto(`/playground?path=${encodeURIComponent(path)}`);
    await expect(page.getByRole("radio", { name: "Text" })).toBeChecked();
    await page.getByRole("textbox", { name: "Max tokens" }).fill("12");
    await ask(page, "English: banana");
    const answer = page.getByTestId("answer");
    await expect(answer).toHaveAttribute("data-state", "done");
    await expect(answer).toContainText(/tokens/);

    // The model is done within a blink; a slow line gives time to stop it.
    await page.route("**/api/training/retrieve_future", () => {});
    await ask(page, "Once upon a time");
    await page.getByRole("button", { name: "Stop" }).last().click();
    await expect(page.getByText("Not answered.")).toBeVisible();
  },
);

test("eight answers come at once", verifies("playground.samples"), async ({ page }) => {
  await page.goto("/playground?model=twinkle/spark");
  await page.getByRole("combobox", { name: "Answers" }).selectOption("8");
  await ask(page, "Tell me something");
  const list = page.getByRole("list", { name: "8 answers" });
  await expect(list.getByTestId("answer")).toHaveCount(8);
  await list.getByRole("button", { name: "Go on from this one" }).nth(3).click();
  await expect(list.getByRole("listitem").nth(4)).toContainText("the chat goes on from here");
});

test(
  "base model and checkpoint answer the same question side by side",
  verifies("playground.compare"),
  async ({ page, studio }) => {
    const run = await seedRun(studio.serverUrl, { name: "side by side", saves: 1 });
    const path = `twinkle://${run.runId}/weights/${run.checkpoints[0]}`;
    await page.goto("/playground?model=twinkle/spark");
    await page.getByRole("button", { name: "Compare" }).click();
    await page.getByRole("button", { name: run.checkpoints[0]! }).first().click();
    await ask(page, "Hello!");
    const [base, checkpoint] = [
      page.getByRole("log", { name: "twinkle/spark" }),
      page.getByRole("log", { name: `${run.name} · ${run.checkpoints[0]}` }),
    ];
    await expect(base.getByTestId("answer")).toHaveAttribute("data-state", "done");
    await expect(checkpoint.getByTestId("answer")).toHaveAttribute("data-state", "done");
    await page.reload();
    await expect(base.getByTestId("answer")).toHaveCount(1);
    await expect(checkpoint.getByTestId("answer")).toHaveCount(1);
    await checkpoint.getByRole("button", { name: "Settings of this answer" }).click();
    await expect(checkpoint.getByText(path)).toBeVisible();
  },
);
