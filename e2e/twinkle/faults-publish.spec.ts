import { expect, test } from "./faulty-server";
import { connect } from "./fixtures";
import { openPublish } from "./journey";

test("a refusal that the server's own package causes is told apart from a bad or a read-only token", async ({
  page,
  faulty,
  hub,
}) => {
  await connect(page, hub.token, faulty.url);
  await openPublish(page, { name: "refused" });
  const dialog = page.getByRole("dialog", { name: "Publish to ModelScope" });
  const publish = dialog.getByRole("button", { name: "Publish to ModelScope" });
  await publish.click();
  await expect(dialog.getByRole("alert")).toContainText("Failed to get username from ModelScope");
  await expect(dialog).toContainText("Your ModelScope account is fine");
  await expect(dialog).toContainText("Whoever runs the server has to install one");
  await page.screenshot({ path: "out/screens/en/twinkle-publish-refused.png" });

  await connect(page, hub.readToken, faulty.url);
  await openPublish(page, { name: "readonly" });
  await expect(dialog).toContainText("This token may only read.");
  await expect(publish).toBeHidden();
});
