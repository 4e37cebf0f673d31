import { createTranslator } from "next-intl";
import { expect, test } from "vitest";
import en from "./en.json";
import zh from "./zh.json";

type Tree = { [key: string]: string | Tree };

function flatten(tree: Tree, prefix = ""): Map<string, string> {
  const texts = new Map<string, string>();
  for (const [key, value] of Object.entries(tree)) {
    if (typeof value === "string") texts.set(prefix + key, value);
    else for (const [path, text] of flatten(value, `${prefix}${key}.`)) texts.set(path, text);
  }
  return texts;
}

/** Names of the arguments of an ICU message: braces open arguments and, inside plural and select, texts in turn. */
function argumentsOf(text: string): string[] {
  const names = new Set<string>();
  let depth = 0;
  for (const [brace, name] of [...text.matchAll(/\{\s*(\w*)|\}/g)].map((match) => [
    match[0],
    match[1],
  ])) {
    depth += brace === "}" ? -1 : 1;
    if (brace !== "}" && depth % 2 === 1 && name) names.add(name);
  }
  return [...names].sort();
}

const english = flatten(en);
const chinese = flatten(zh);

test("both languages have the same messages", () => {
  expect([...chinese.keys()].sort()).toEqual([...english.keys()].sort());
});

test("both languages use the same arguments in every message", () => {
  for (const [key, text] of english) {
    expect(argumentsOf(chinese.get(key) ?? ""), key).toEqual(argumentsOf(text));
  }
});

test("what is counted in one language is written as a number in the other", () => {
  const counted = (text: string) =>
    [...text.matchAll(/\{(\w+), (?:number|plural)/g)].map(([, name]) => name);
  for (const key of english.keys()) {
    const texts = [english.get(key) ?? "", chinese.get(key) ?? ""];
    for (const name of texts.flatMap(counted))
      for (const text of texts) expect(text, key).not.toContain(`{${name}}`);
  }
});

test("sentences that follow one another are set apart in English alone", () => {
  const values = { training: 8, sampler: 0, idle: 0, samples: 8 };
  const inEnglish = createTranslator({ locale: "en", messages: en, namespace: "ownServer" });
  const inChinese = createTranslator({ locale: "zh", messages: zh, namespace: "ownServer" });
  expect(inEnglish("gpus", values)).toMatch(/\. A batch needs 8 samples/);
  expect(inChinese("gpus", values)).toMatch(/。每个批次至少需要 8 个样本/);
  expect(inEnglish("gpus", { ...values, samples: 1 })).toBe("8 GPUs train, none answers.");
});

test("no message is empty", () => {
  for (const [key, text] of [...english, ...chinese]) expect(text.trim(), key).not.toBe("");
});
