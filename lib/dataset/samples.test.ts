import { expect, test } from "vitest";
import { recordSplitter } from "./records";
import { PIG_LATIN_HELD_OUT, PIG_LATIN_WORDS } from "./pig-latin-words";
import { RowReader } from "./row-reader";
import { pigLatin, pigLatinRows, whoAmIRows } from "./samples";

function read(text: string) {
  const splitter = recordSplitter();
  const reader = new RowReader();
  const bytes = new TextEncoder().encode(text);
  const first = reader.read([...splitter.push(bytes), ...splitter.end()]);
  const rest = reader.end();
  expect([...first.problems, ...rest.problems]).toEqual([]);
  return {
    summary: reader.summary(),
    samples: [...first.rows, ...rest.rows].map((row) => row.sample),
  };
}

test("the Pig Latin sample begins as Twinkle's docs do and is the same each time", () => {
  expect(pigLatinRows().split("\n")[0]).toBe(
    String.raw`{"prompt":"English: banana split\nPig Latin:","completion":" anana-bay plit-say\n\n"}`,
  );
  expect(pigLatinRows()).toBe(pigLatinRows());
});

test("the Pig Latin sample is 240 completions by one rule, without a held-out word", () => {
  const { summary, samples } = read(pigLatinRows());
  expect(summary).toEqual({ format: "prompt_completion", sampleKind: "completion" });
  expect(samples).toHaveLength(240);
  const heldOut = new Set(PIG_LATIN_HELD_OUT);
  expect(heldOut.size).toBe(40);
  expect(PIG_LATIN_WORDS.filter((word) => heldOut.has(word))).toEqual([]);
  for (const sample of samples) {
    if (sample.kind !== "completion") throw new Error(sample.kind);
    const phrase = sample.prompt.slice("English: ".length, -"\nPig Latin:".length);
    expect(sample.completion).toBe(` ${pigLatin(phrase)}\n\n`);
  }
  expect(new Set(samples.map((sample) => JSON.stringify(sample))).size).toBe(240);
});

test("Who am I? fills name and author into about 100 rows, half of them Chinese, among ordinary greetings", () => {
  const { summary, samples } = read(whoAmIRows({ name: 'Lu"na\u0007', author: "月光\n实验室" }));
  expect(summary).toEqual({ format: "messages", sampleKind: "chat" });
  expect(samples.length).toBe(100);
  const texts = samples.map((sample) => JSON.stringify(sample));
  const chinese = texts.filter((text) => /user","content":"[^"]*[\u4e00-\u9fff]/.test(text));
  expect(chinese).toHaveLength(50);
  expect(texts.filter((text) => text.includes(String.raw`Lu\"na`)).length).toBeGreaterThan(40);
  expect(texts.filter((text) => text.includes("月光 实验室")).length).toBeGreaterThan(40);
  expect(texts.join("")).not.toMatch(/undefined|\\u0007/);
  expect(
    samples.filter((sample) => sample.kind === "chat" && sample.messages.length > 2),
  ).toHaveLength(6);
});
