import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "./fixtures";
import { verifies } from "./requirements";

const SECRET = "ms-a-token-of-this-test-0123456789";

test(
  "another server is connected by address and token, and the token never reaches the page",
  verifies("connect.address", "connect.token-sealed"),
  async ({ page, context, ownServer }) => {
    const bodies: string[] = [];
    page.on("response", (response) => {
      response.text().then(
        (text) => bodies.push(text),
        () => undefined,
      );
    });
    await page.goto("/connect");
    await page.getByRole("radio", { name: /Another address/ }).click();
    await page.getByLabel("Address").fill(`${ownServer.url}/api/v1/`);
    await page.getByLabel("Token").fill(SECRET);
    await page.getByRole("button", { name: "Check and connect" }).click();
    await expect(page.getByText("Connected.")).toBeVisible();
    await expect(page.getByRole("region", { name: "The connected server" })).toContainText(
      "twinkle/spark",
    );
    await expect(page.getByTestId("server-chip")).toContainText(new URL(ownServer.url).host);

    await page.goto("/checkpoints");
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    const readable = await page.evaluate(() =>
      [
        document.cookie,
        JSON.stringify(localStorage),
        JSON.stringify(sessionStorage),
        document.documentElement.outerHTML,
      ].join(),
    );
    expect(readable).not.toContain(SECRET);
    expect(bodies.join()).not.toContain(SECRET);
    const sealed = (await context.cookies()).find((cookie) => cookie.name === "twinkle-studio");
    expect(sealed).toMatchObject({ httpOnly: true, sameSite: "Strict" });
    expect(sealed?.value).not.toContain(SECRET);
  },
);

test(
  "an address without a training server is refused with a sentence, and the old connection stays",
  verifies("connect.refused"),
  async ({ page }) => {
    const website = createServer((_request, response) => {
      response
        .writeHead(404, { "content-type": "text/html" })
        .end("<html><title>Nothing here</title></html>");
    });
    await new Promise<void>((resolve) => website.listen(0, "127.0.0.1", resolve));
    const { port } = website.address() as AddressInfo;

    await page.goto("/connect");
    await page.getByRole("radio", { name: /Another address/ }).click();
    await page.getByLabel("Address").fill(`http://127.0.0.1:${port}`);
    await page.getByRole("button", { name: "Check and connect" }).click();
    await expect(page.getByRole("alert").filter({ hasText: "no training server" })).toBeVisible();

    website.close();
    await page.getByRole("button", { name: "Check and connect" }).click();
    await expect(page.getByRole("alert").filter({ hasText: "cannot be reached" })).toBeVisible();

    await page.getByLabel("Address").fill("ftp://example.com");
    await page.getByRole("button", { name: "Check and connect" }).click();
    await expect(page.getByRole("alert").filter({ hasText: "refused the request" })).toBeVisible();
    await expect(page.getByTestId("server-chip")).toContainText("Local server");
  },
);
