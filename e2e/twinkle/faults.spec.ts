import { expect, test } from "./faulty-server";
import { connect } from "./fixtures";
import { ask } from "../journey";
import { examine, plan, token } from "./journey";
import { client } from "./other-client";

test("a load that would end the training of all, and a delete that would take all, are never sent", async ({
  page,
  faulty,
}) => {
  const owner = token("dangers");
  const other = client(faulty.url, owner);
  const run = await other.trainedModel(["first", "second"]);
  await connect(page, owner, faulty.url);
  const sent: string[] = [];
  page.on("request", (request) => sent.push(new URL(request.url()).pathname));
  await plan(page, { name: "dangers", epochs: 1 });
  await page.goto("/runs/new?from=Qwen/Qwen2-Tiny");
  await expect(page.getByText(/is not the path of a checkpoint/)).toBeVisible();
  await page.goto("/playground?path=Qwen/Qwen2-Tiny");
  await expect(page.getByRole("alert").first()).toContainText("not the path of a checkpoint");
  expect(sent.filter((path) => /weights_info|load_weights|asample/.test(path))).toEqual([]);

  const refused = await page.evaluate(
    (path) => fetch(path, { method: "DELETE" }).then(({ status }) => status),
    `/api/training/training_runs/${run}/checkpoints/weights`,
  );
  expect(refused).toBe(404);
  await page.goto(`/checkpoints?q=${run}`);
  await expect(page.getByRole("checkbox", { name: /^Select (first|second)/ })).toHaveCount(2);
});

test("a name that the server changed is used as it is: listed, chatted with and deleted alone", async ({
  page,
  faulty,
}) => {
  const owner = token("names");
  const run = await client(faulty.url, owner).trainedModel(["my run/v1.0 é~ 你好", "kept"]);
  const name = "my_run_v1_0_é__你好";
  await connect(page, owner, faulty.url);
  await page.goto(`/checkpoints?q=${run}`);
  await page.getByRole("button", { name: `Chat: ${name}` }).click();
  await ask(page, "Hello!");
  await expect(page.getByTestId("answer")).toHaveAttribute("data-state", "done");
  await page.goto(`/checkpoints?q=${run}`);
  await page.getByRole("button", { name: `Delete: ${name}` }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete it" }).click();
  await expect(page.getByRole("dialog")).toBeHidden();
  await page.reload();
  await expect(page.getByRole("checkbox", { name: /^Select/ })).toHaveCount(1);
  await expect(page.getByRole("checkbox", { name: /^Select kept/ })).toBeVisible();
});

test("temperature 0 is greedy for sampled tokens too, which the server makes 1", async ({
  page,
  faulty,
}) => {
  await connect(page, token("greedy"), faulty.url);
  const said: string[] = [];
  for (const turn of [0, 1]) {
    await page.goto("/playground?mode=text");
    await page.getByRole("slider", { name: "Temperature" }).press("Home");
    await expect(page.getByText("the likeliest token is taken every time")).toBeVisible();
    const text = page.getByRole("textbox", { name: "Text to go on with" });
    await text.fill("Question: What is 12 + 7?");
    await text.press("Enter");
    // The second one continues the first conversation; a text is asked for by itself all the same.
    const answer = page.getByTestId("answer").nth(turn);
    await expect(answer).toHaveAttribute("data-state", "done");
    said[turn] = await answer.locator(":scope > :first-child").innerText();
  }
  expect(said[0]).not.toBe("");
  expect(said[1]).toBe(said[0]);
});

test("the doctor examines it without harm: what differs is said, nothing failed, and others train on", async ({
  page,
  faulty,
}) => {
  await connect(page, token("doctor"), faulty.url);
  await examine(page);
  await expect(page.getByRole("status")).toHaveText(/^\d+ ok · 2 differs$/);
  await client(faulty.url, token("after the doctor")).trainedModel(["kept"]);
});
