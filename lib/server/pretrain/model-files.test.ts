import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { PreTrainedTokenizer } from "@huggingface/transformers";
import { expect, test } from "vitest";

import { Engine } from "../engine/engine";
import { decodeText, encodeChat, encodeText, VOCAB_SIZE, type Message } from "./chat-format";
import { complete } from "./fine-tune";

const DIRECTORY = fileURLToPath(new URL("../builtin/spark/", import.meta.url));
const readJson = (name: string) =>
  JSON.parse(readFileSync(join(DIRECTORY, name), "utf8")) as Record<string, unknown>;

const tokenizer = new PreTrainedTokenizer(
  readJson("tokenizer.json"),
  readJson("tokenizer_config.json"),
);

const conversation: Message[] = [
  { role: "system", content: "You are a helpful assistant." },
  { role: "user", content: "Hi, who are you?\n  你是谁？ 🙂" },
  { role: "assistant", content: "I am Spark." },
  { role: "user", content: "thanks" },
];

test("transformers.js reads the built-in tokenizer as one token for each byte", () => {
  const text = "English: banana split\nPig Latin: 你好 \u00e9\u0000\u007f 🙂";
  expect(tokenizer.encode(text)).toEqual(encodeText(text));
  expect(tokenizer.decode(encodeText(text))).toBe(text);
});

test("the chat template gives the tokens that the model was trained on", () => {
  const ids = tokenizer.apply_chat_template(conversation, {
    add_generation_prompt: true,
    tokenize: true,
    return_tensor: false,
    return_dict: false,
  });
  expect(ids).toEqual(encodeChat(conversation, { addPrompt: true }).tokens);
  const text = tokenizer.apply_chat_template(conversation, { tokenize: false });
  expect(tokenizer.encode(text)).toEqual(encodeChat(conversation).tokens);
});

test("what the assistant says is trained, with its end, and nothing else", () => {
  const { tokens, isTrained } = encodeChat(conversation);
  const trained = tokens.filter((_, index) => isTrained[index]);
  expect(decodeText(trained)).toBe("I am Spark.");
  expect(trained.at(-1)).toBe(tokenizer.encode("<|end|>")[0]);
  expect(Math.max(...tokens)).toBeLessThan(VOCAB_SIZE);
});

test("the built-in model greets and says who it is in two languages", async () => {
  const engine = await Engine.open(DIRECTORY, { threads: 1 });
  const answer = (content: string) =>
    complete(engine, null, encodeChat([{ role: "user", content }], { addPrompt: true }).tokens);
  expect(await answer("Hello!")).toMatch(/^(Hello|Hi)/);
  expect(await answer("Who are you?")).toContain("Spark");
  expect(await answer("你好！")).toContain("你好");
  expect(await answer("你是谁？")).toContain("Spark");
  await engine.close();
});
