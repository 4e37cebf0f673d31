import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { test as base, expect, type Page } from "@playwright/test";
import { startHub, startStudio, type Hub, type Studio } from "../servers/studio";

/** Set by run.mjs, which starts the server. */
export const SERVER_URL = process.env["TWINKLE_URL"] ?? "";
/** Where the server looks for its hub. */
const HUB_PORT = Number(process.env["TWINKLE_HUB_PORT"]) || undefined;
export const MODEL = process.env["TWINKLE_MODEL"] ?? "";
export const MODEL_FOLDER = process.env["TWINKLE_MODEL_FOLDER"] ?? "";

/** A studio beside a real Twinkle Server, and a hub that has the tokenizer of its base model. */
export const test = base.extend<object, { hub: Hub; studio: Studio }>({
  hub: [
    async ({}, use) => {
      const seed = await mkdtemp(path.join(tmpdir(), "studio-seed-"));
      try {
        await cp(MODEL_FOLDER, path.join(seed, "models", MODEL), { recursive: true });
        const hub = await startHub(["--seed", seed], HUB_PORT);
        await use(hub);
        await hub.stop();
      } finally {
        await rm(seed, { recursive: true, force: true });
      }
    },
    { scope: "worker" },
  ],

  studio: [
    async ({ hub }, use) => {
      const studio = await startStudio(hub, ["--server", SERVER_URL]);
      await use(studio);
      await studio.stop();
    },
    { scope: "worker" },
  ],

  baseURL: async ({ studio }, use) => use(studio.url),
});

export { expect };

/** Connects as the owner of a token. */
export async function connect(page: Page, token: string, address = SERVER_URL): Promise<void> {
  await page.goto("/connect");
  await page.getByRole("radio", { name: /Another address/ }).click();
  await page.getByLabel("Address").fill(address);
  await page.getByLabel("Token").fill(token);
  await page.getByRole("button", { name: "Check and connect" }).click();
  await expect(page.getByText("Connected.")).toBeVisible();
}
