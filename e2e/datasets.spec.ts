import { Buffer } from "node:buffer";
import { rm, writeFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures";
import { verifies } from "./requirements";

const SHAPES = [
  ["Messages", { messages: [turn("user", "hi"), turn("assistant", "yo")] }],
  [
    "Conversations",
    {
      conversations: [
        { from: "human", value: "hi" },
        { from: "gpt", value: "yo" },
      ],
    },
  ],
  ["Instruction and output", { instruction: "Greet", input: "hi", output: "yo" }],
  ["Prompt and completion", { prompt: "hi", completion: "yo" }],
  ["Input and output", { input: "hi", output: "yo" }],
  ["Query and response", { query: "hi", response: "yo" }],
  ["Plain text", { text: "hi and yo" }],
] as const;

const BAD_LINES = [
  '{"messages":[{"role":"user","content":"hi"},{"role":"assistant","content":"yo"}]}',
  '{"messages":[{"role":"user","content":"say "hi""}]}',
  '{"messages":[{"content":"hi"},{"role":"assistant","content":"yo"}]}',
  '{"messages":[{"role":"user","content":"hi"},{"role":"assistant","content":" "}]}',
  '{"prompt":"hi","completion":"yo"}',
  '{"messages":[{"role":"user","content":"bye"},{"role":"assistant","content":"so long"}]}',
];

test(
  "a file of each known shape is opened with the shape named",
  verifies("dataset.formats"),
  async ({ page }) => {
    for (const [shape, row] of SHAPES) {
      await importFile(page, "shape.jsonl", `${JSON.stringify(row)}\n`);
      await expect(page.getByRole("main").getByText(shape, { exact: true })).toBeVisible();
    }
  },
);

test(
  "each bad line says its number, what is wrong and what to do, and the good rows are there after a reload",
  verifies("dataset.bad-lines", "dataset.reload"),
  async ({ page }) => {
    await importFile(page, "mixed.jsonl", BAD_LINES.join("\n"));
    await page.getByRole("button", { name: "Problems 4" }).click();
    const problems = page.getByRole("group", { name: "Problems" }).getByRole("listitem");
    await expect(problems).toHaveCount(4);
    await expect(problems.nth(0)).toContainText(
      /Line 2\s*The line stops being JSON at character 45/,
    );
    await expect(problems.nth(0)).toContainText("a quote inside a text lacks its backslash");
    await expect(problems.nth(1)).toContainText(/Line 3\s*Message 1 has no role/);
    await expect(problems.nth(2)).toContainText(/Line 4\s*The answer in message 2 is empty/);
    await expect(problems.nth(3)).toContainText(/Line 5\s*The row has the shape prompt_completion/);

    await page.reload();
    await expect(problems).toHaveCount(4);
    await page.getByRole("button", { name: "All 2" }).click();
    const rows = page.getByRole("listbox", { name: "Rows" }).getByRole("option");
    await expect(rows).toHaveCount(2);
    await expect(rows.nth(1)).toContainText(/6\s*bye\s*so long/);
  },
);

test(
  "a row is shown as tokens: trained, context and special ones told apart, each with id and weight",
  verifies("dataset.tokens"),
  async ({ page }) => {
    await importFile(page, "one.jsonl", `${BAD_LINES[0]}\n${BAD_LINES[5]}\n`);
    await page.getByRole("radio", { name: "Tokens" }).click();
    const tokens = page.getByRole("listbox", { name: /Tokens of the row/ }).getByRole("option");
    await expect(tokens).toHaveText([
      "<|user|>",
      "h",
      "i",
      "<|end|>",
      "<|assistant|>",
      "y",
      "o",
      "<|end|>",
    ]);
    await expect(page.getByText("3 of 8 tokens trained")).toBeVisible();
    for (const [index, look] of [
      [1, null],
      [4, /tok-special/],
      [5, /tok-trained/],
      [7, /tok-special.*tok-trained/],
    ] as const) {
      if (look) await expect(tokens.nth(index)).toHaveClass(look);
      else await expect(tokens.nth(index)).not.toHaveClass(/tok-(trained|special)/);
    }

    const readout = page.getByTestId("token-readout");
    await tokens.nth(5).hover();
    await expect(readout).toHaveText(/Index 5\s*Text y\s*Id 121\s*Weight 1/);
    await tokens.first().focus();
    await page.keyboard.press("ArrowRight");
    await expect(readout).toHaveText(/Index 1\s*Text h\s*Id 104\s*Weight 0/);

    await page.keyboard.press("j");
    await expect(page.getByText("Line 2", { exact: true })).toBeVisible();
    await expect(tokens.nth(1)).toHaveText("b");
  },
);

test("a file dropped anywhere on the page is imported", async ({ page }) => {
  await openDatasets(page);
  const dropped = await page.evaluateHandle((content) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([content], "dropped.jsonl"));
    return transfer;
  }, `${BAD_LINES[0]}\n`);
  await page.getByRole("banner").dispatchEvent("dragover", { dataTransfer: dropped });
  await expect(page.getByText("Let go to import the file")).toBeVisible();
  await page.getByRole("banner").dispatchEvent("drop", { dataTransfer: dropped });
  await page.waitForURL(/\/datasets\/.+/);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("dropped.jsonl");
});

test("a dataset is deleted after it is said what goes with it", async ({ page }) => {
  await importFile(page, "gone.jsonl", `${BAD_LINES[0]}\n`);
  await page.goto("/datasets");
  await page.getByRole("button", { name: "Delete gone.jsonl" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog).toContainText("1 row");
  await expect(dialog).toContainText("tokenized");
  await dialog.getByRole("button", { name: "Delete the dataset" }).click();
  await expect(page.getByText("No dataset yet")).toBeVisible();
});

test.describe("a file that cannot be used is refused with a sentence", () => {
  for (const { name, content, says } of [
    { name: "empty.jsonl", content: "", says: "The file is empty" },
    { name: "blank.jsonl", content: "\n \n\n", says: "The file is empty" },
    {
      name: "latin1.jsonl",
      content: Buffer.from('{"prompt":"caf\xe9","completion":"x"}\n', "latin1"),
      says: "not UTF-8",
    },
    { name: "other.jsonl", content: '{"foo":1}\n{"foo":2}\n', says: "its fields are: foo" },
    {
      name: "object.json",
      content: '{"rows":[{"prompt":"a","completion":"b"}]}',
      says: "one JSON object",
    },
    {
      name: "latin1.csv",
      content: Buffer.from("prompt,completion\ncaf\xe9,x\n", "latin1"),
      says: "not UTF-8",
    },
    { name: "table.xlsx", content: "PK", says: "not a .jsonl, .json or .csv file" },
  ]) {
    test(name, async ({ page }) => {
      await chooseFile(page, { name, content });
      await expect(page.getByRole("main").getByRole("alert")).toContainText(says);
      await expect(page).toHaveURL(/\/datasets$/);
      await expect(page.getByText("No dataset yet")).toBeVisible();
    });
  }
});

test("a JSON list is read like lines", verifies("dataset.formats"), async ({ page }) => {
  await importFile(page, "list.json", `[${BAD_LINES[0]},\n ${BAD_LINES[5]}]`);
  await expect(page.getByRole("button", { name: "All 2" })).toBeVisible();
});

test("a table is read by the fields of its head", verifies("dataset.formats"), async ({ page }) => {
  await importFile(
    page,
    "table.csv",
    'prompt,completion\r\n"hi, you","yo\nthere"\r\nbye,so long\r\n',
  );
  await expect(page.getByRole("button", { name: "All 2" })).toBeVisible();
  await expect(
    page.getByRole("main").getByText("Prompt and completion", { exact: true }),
  ).toBeVisible();
});

test("one line of 100 MB is named, and the rows around it survive", async ({ page }) => {
  const megabyte = "x".repeat(1_000_000);
  const parts = [
    `${BAD_LINES[0]}\n`,
    ...Array.from({ length: 100 }, () => megabyte),
    `\n${BAD_LINES[5]}\n`,
  ];
  await withLargeFile(parts, async (file) => {
    await choosePath(page, file);
    await page.waitForURL(/\/datasets\/.+/, { timeout: 60_000 });
    await page.getByRole("button", { name: "Problems 1" }).click();
    await expect(page.getByText("The line is longer than 8 MB.")).toBeVisible();
    await expect(page.getByRole("button", { name: "All 2" })).toBeVisible();
  });
});

test("an import is cancelled and leaves nothing", async ({ page }) => {
  const rows = `${BAD_LINES[0]}\n`.repeat(10_000);
  await withLargeFile(
    Array.from({ length: 150 }, () => rows),
    async (file) => {
      await choosePath(page, file);
      await page.getByRole("button", { name: "Cancel" }).click();
      await expect(page.getByText("The import was cancelled.")).toBeVisible();
      await page.reload();
      await expect(page.getByText("No dataset yet")).toBeVisible();
    },
  );
});

test("a browser without room says so, and keeps what it has", async ({ page, studio }) => {
  await importFile(page, "kept.jsonl", `${BAD_LINES[0]}\n`);
  const session = await page.context().newCDPSession(page);
  await session.send("Storage.overrideQuotaForOrigin", { origin: studio.url, quotaSize: 200_000 });
  await chooseFile(page, { name: "large.jsonl", content: `${BAD_LINES[0]}\n`.repeat(200_000) });
  await expect(page.getByRole("main").getByRole("alert")).toContainText(
    "The browser has no room left",
  );
  await openDatasets(page);
  await expect(page.getByRole("link", { name: "kept.jsonl" })).toBeVisible();
});

function turn(role: string, content: string) {
  return { role, content };
}

/** On the page of datasets, once it listens. */
async function openDatasets(page: Page): Promise<void> {
  await page.goto("/datasets");
  await expect(
    page
      .getByText("No dataset yet")
      .or(page.getByRole("table", { name: "Datasets of this browser" })),
  ).toBeVisible();
}

async function chooseFile(
  page: Page,
  { name, content }: { name: string; content: string | Buffer },
): Promise<void> {
  await openDatasets(page);
  await page
    .getByLabel("Dataset file")
    .setInputFiles({ name, mimeType: "application/json", buffer: Buffer.from(content) });
}

async function importFile(page: Page, name: string, content: string): Promise<void> {
  await chooseFile(page, { name, content });
  await page.waitForURL(/\/datasets\/.+/);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(name);
  await expect(page.getByTestId("token-count")).toBeVisible();
}

async function choosePath(page: Page, file: string): Promise<void> {
  await openDatasets(page);
  await page.getByLabel("Dataset file").setInputFiles(file);
}

/** A file that is too large to hand over as a buffer; gone after the test. */
async function withLargeFile(
  parts: Iterable<string>,
  use: (file: string) => Promise<void>,
): Promise<void> {
  const file = test.info().outputPath("large.jsonl");
  await writeFile(file, parts);
  try {
    await use(file);
  } finally {
    await rm(file);
  }
}
