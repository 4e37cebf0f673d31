import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures";
import { verifies } from "./requirements";
import { seedRun } from "./servers/seed-run";
import type { Hub } from "./servers/studio";

async function openPublish(page: Page, runId: string) {
  await page.goto(`/checkpoints?q=${runId}`);
  await page.getByRole("button", { name: /^Publish: epoch-1/ }).click();
  await expect(page).toHaveURL(/publish=twinkle/);
  return page.getByRole("dialog", { name: "Publish to ModelScope" });
}

async function giveToken(page: Page, token: string) {
  await page.getByLabel("ModelScope access token").fill(token);
  await page.getByRole("button", { name: "Use this token" }).click();
}

function onHub(hub: Hub, path: string, init: RequestInit = {}) {
  return fetch(`${hub.url}${path}`, {
    ...init,
    headers: {
      authorization: `Bearer ${hub.token}`,
      cookie: `m_session_id=${hub.token}`,
      "content-type": "application/json",
      "user-agent": "e2e",
    },
  });
}

test(
  "without a token, with a wrong or a read-only one, a sentence says where to get one",
  verifies("publish.token"),
  async ({ page, studio, hub }) => {
    const { runId } = await seedRun(studio.serverUrl, { name: "needs a token", saves: 1 });
    const dialog = await openPublish(page, runId);
    await expect(dialog).toContainText("Publishing needs your ModelScope access token.");
    await expect(dialog.getByRole("link", { name: /myaccesstoken/ })).toHaveAttribute(
      "href",
      "https://www.modelscope.cn/my/myaccesstoken",
    );
    await giveToken(page, "ms-nobody");
    await expect(dialog.getByRole("alert")).toContainText("ModelScope does not accept this token.");
    await giveToken(page, hub.readToken);
    await expect(dialog.getByRole("alert")).toContainText("may only read");
    await expect(dialog.getByRole("button", { name: "Publish to ModelScope" })).toBeHidden();
    await giveToken(page, hub.token);
    await expect(dialog.getByRole("button", { name: "Publish to ModelScope" })).toBeEnabled();
  },
);

test(
  "a checkpoint becomes a private model with its link, and publishing again says what is there",
  verifies("publish.private"),
  async ({ page, studio, hub }) => {
    const { runId } = await seedRun(studio.serverUrl, { name: "to publish", saves: 1 });
    const modelId = `${hub.user}/${runId}_epoch-1-step-000001`;
    const dialog = await openPublish(page, runId);
    await giveToken(page, hub.token);
    await expect(dialog).toContainText(modelId);
    await expect(dialog).toContainText("It becomes a private model.");
    await expect(dialog).toContainText("Nothing has this name on ModelScope yet.");
    await dialog.getByRole("button", { name: "Publish to ModelScope" }).click();
    await expect(dialog).toContainText("The model is on ModelScope, as a private one.");
    await expect(dialog).toContainText("adapter_model.safetensors");
    await expect(dialog).toContainText(`modelscope download --model ${modelId}`);
    await expect(dialog.getByRole("link", { name: "Open on ModelScope" })).toHaveAttribute(
      "href",
      `${hub.url}/models/${modelId}`,
    );
    const model = (await (await onHub(hub, `/api/v1/models/${modelId}`)).json()) as {
      Data: { Visibility: number };
    };
    expect(model.Data.Visibility).toBe(1);
    expect((await fetch(`${hub.url}/api/v1/models/${modelId}`)).status).not.toBe(200);

    await page.reload();
    await expect(dialog).toContainText("A model of this name is there already.");
  },
);

test(
  "a failed upload says why, keeps everything, and can be tried again",
  verifies("publish.private"),
  async ({ page, studio, hub }) => {
    const { runId } = await seedRun(studio.serverUrl, { name: "taken", saves: 1 });
    const name = `${runId}_epoch-1-step-000001`;
    const taken = await onHub(hub, "/api/v1/models", {
      method: "POST",
      body: JSON.stringify({
        ...{ Path: hub.user, Name: name, Visibility: 5, License: "apache-2.0" },
      }),
    });
    expect(taken.status).toBe(200);
    const dialog = await openPublish(page, runId);
    await giveToken(page, hub.token);
    await expect(dialog).toContainText("it is not private");
    await dialog.getByRole("button", { name: "Publish to ModelScope" }).click();
    await expect(dialog.getByRole("alert")).toBeVisible();
    await expect(dialog).toContainText("The checkpoint and the run are untouched.");
    await dialog.getByRole("button", { name: "Try again" }).click();
    await expect(dialog.getByRole("alert")).toBeVisible();
    await dialog.getByRole("button", { name: "Back" }).click();
    await expect(dialog.getByRole("button", { name: "Publish to ModelScope" })).toBeEnabled();
  },
);
