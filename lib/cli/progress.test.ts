import { expect, test } from "vitest";
import { progressLines } from "./progress";

function written(
  isTTY: boolean,
  columns = 40,
): { stream: Parameters<typeof progressLines>[0]; text: () => string } {
  let text = "";
  return { stream: { isTTY, columns, write: (more) => (text += more) }, text: () => text };
}

test("a terminal gets a bar that stays in its line and never wraps; a note stays above it", () => {
  const { stream, text } = written(true);
  const { show, note, end } = progressLines(stream);
  show({ label: "Training", share: 0.5, detail: "step 5 of 10, loss 1.234, 3000 tokens/s" });
  show({ label: "Training", share: 1, detail: "step 10" });
  note("One row is left out.");
  show({ label: "Saving", share: null, detail: "" });
  end();
  expect(
    text()
      .split(/[\r\n]/)
      .map((line) => line.trimEnd()),
  ).toEqual([
    "",
    "Training [############............] ste",
    "Training [########################] ste",
    "One row is left out.",
    "",
    "Saving",
    "",
  ]);
});

test("a file gets a line for every tenth", () => {
  const { stream, text } = written(false);
  const { show, end } = progressLines(stream);
  for (let step = 0; step <= 100; step++)
    show({ label: "Training", share: step / 100, detail: `step ${step}` });
  end();
  expect(text().trimEnd().split("\n")).toHaveLength(11);
});
