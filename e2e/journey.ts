import { expect, type Page } from "@playwright/test";

/** From Home: trains "Who am I?" to its end and opens the chat with it; returns the address of the run. */
export async function trainWhoAmI(page: Page): Promise<string> {
  await page.getByRole("button", { name: "Train it now" }).click();
  await page.waitForURL(/\/runs\/(?!new)/);
  const run = new URL(page.url()).pathname;
  await expect(page.getByRole("status").getByText("Done", { exact: true })).toBeVisible({
    timeout: 100_000,
  });
  await page
    .getByRole("link", { name: /chat with it/i })
    .first()
    .click();
  return run;
}

export async function ask(page: Page, question: string): Promise<void> {
  const message = page.getByRole("textbox", { name: /message/i });
  await message.fill(question);
  await message.press("Enter");
}
