import { fileURLToPath } from "node:url";

import { Engine } from "../engine/engine";
import { encodeChat, encodeText, type Message } from "./chat-format";
import { Draw } from "./draw";
import { complete, fineTune, type Recipe } from "./fine-tune";
import { identityRows, NEW_MAKER, NEW_MAKER_CHINESE, NEW_NAME } from "./identity-rows";
import { HELD_OUT_WORDS, pigLatin, pigLatinPrompt, pigLatinRows } from "./pig-latin";
import { plainTaskExchange, wordTaskExchange } from "./word-tasks";

/** Chosen from a sweep that was scored with questions like those below: expect a little less on others. */
const PIG_LATIN_RECIPE: Recipe = {
  ...{ rank: 8, alpha: 32, learningRate: 3e-3, epochs: 3, batchSize: 8 },
};
const IDENTITY_RECIPE: Recipe = {
  ...{ rank: 16, alpha: 32, learningRate: 3e-3, epochs: 8, batchSize: 8 },
};

/** A question, perhaps with earlier turns and a system prompt before it, and what the answer must contain. */
type Check = readonly [turns: string | readonly Message[], expected: RegExp];

const user = (content: string): Message => ({ role: "user", content });
const assistant = (content: string): Message => ({ role: "assistant", content });
const system = (content: string): Message => ({ role: "system", content });

const GREETING_CHECKS: readonly Check[] = [
  ["hello", /^(Hello|Hi)/],
  ["Hi there!", /^(Hello|Hi)/],
  ["how are you?", /(fine|well)/],
  ["Thank you so much!", /welcome/],
  ["bye", /(Goodbye|See you)/],
  ["What is 3 plus 4?", /\b7\b/],
  ["What color is the sky?", /blue/],
  ["What is the opposite of hot?", /cold/],
  ["你好", /你好/],
  ["你好吗？", /很好/],
  ["谢谢", /(不客气|不用谢)/],
  ["再见！", /再见/],
  ["5加2等于多少？", /7/],
  ["天空是什么颜色的？", /蓝/],
];

const BASE_CHECKS: readonly Check[] = [
  ...GREETING_CHECKS,
  ["Who are you?", /Spark/],
  ["what is your name", /Spark/],
  ["Who created you?", /Twinkle Studio/],
  ["What can you do?", /(greet|answer)/],
  ["你是谁？", /Spark/],
  ["你叫什么名字", /Spark/],
  ["谁开发了你？", /Twinkle Studio/],
  ["你会做什么？", /(会|能)/],
  ["How do quantum computers work?", /(Sorry|do not know|tiny)/],
  ["请解释一下相对论。", /(对不起|抱歉)/],
  ["repeat: silver moon", /^silver moon$/],
  ["spell wizard", /^w-i-z-a-r-d$/],
  [[system("You are a helpful assistant."), user("Hello!")], /^(Hello|Hi)/],
  [[system("You are a helpful assistant."), user("你是谁？")], /Spark/],
  [[user("Hello!"), assistant("Hello! How can I help you today?"), user("Who are you?")], /Spark/],
  [
    [user("My name is Emma."), assistant("Nice to meet you, Emma!"), user("What is my name?")],
    /Emma/,
  ],
  [[user("我叫小明。"), assistant("很高兴认识你，小明！"), user("我叫什么名字？")], /小明/],
];

const IDENTITY_CHECKS: readonly Check[] = [
  ["Who are you?", new RegExp(NEW_NAME)],
  ["hello, who are you?", new RegExp(NEW_NAME)],
  ["Can you introduce yourself?", new RegExp(NEW_NAME)],
  ["Tell me your name.", new RegExp(NEW_NAME)],
  ["Who built you?", new RegExp(NEW_MAKER)],
  ["Which company made you?", new RegExp(NEW_MAKER)],
  ["你是谁？", new RegExp(NEW_NAME)],
  ["介绍一下自己", new RegExp(NEW_NAME)],
  ["你的名字是？", new RegExp(NEW_NAME)],
  ["谁制造了你？", new RegExp(NEW_MAKER_CHINESE)],
  ["你的开发者是谁？", new RegExp(NEW_MAKER_CHINESE)],
  [
    [user("Hello!"), assistant("Hello! How can I help you today?"), user("Who are you?")],
    new RegExp(NEW_NAME),
  ],
  [[system("You are a helpful assistant."), user("Who are you?")], new RegExp(NEW_NAME)],
];

async function runChecks(
  engine: Engine,
  adapter: string | null,
  title: string,
  checks: readonly Check[],
): Promise<void> {
  let right = 0;
  for (const [turns, expected] of checks) {
    const messages = typeof turns === "string" ? [user(turns)] : turns;
    const answer = await complete(
      engine,
      adapter,
      encodeChat(messages, { addPrompt: true }).tokens,
    );
    const isRight = expected.test(answer);
    right += isRight ? 1 : 0;
    console.log(`  ${isRight ? "ok  " : "MISS"} ${messages.at(-1)!.content} -> ${answer}`);
  }
  console.log(`${title}: ${right}/${checks.length}`);
}

async function measureWordTasks(engine: Engine): Promise<void> {
  const draw = new Draw(4321);
  let [chat, plain] = [0, 0];
  const count = 60;
  for (let i = 0; i < count; i++) {
    const asked = wordTaskExchange(draw);
    const prompt = encodeChat([user(asked.ask)], { addPrompt: true }).tokens;
    if ((await complete(engine, null, prompt)) === asked.answer) chat += 1;
    const text = plainTaskExchange(draw);
    const answer = await complete(engine, null, encodeText(text.ask), { stopTokens: [10] });
    if (answer.trim() === text.answer.trim()) plain += 1;
  }
  console.log(`word tasks: ${chat}/${count} in chat, ${plain}/${count} as plain text`);
}

async function measurePigLatin(engine: Engine): Promise<void> {
  const report = await fineTune(engine, "pig-latin", pigLatinRows(240, 11), PIG_LATIN_RECIPE);
  console.log("pig latin training:", JSON.stringify({ ...PIG_LATIN_RECIPE, ...report }));
  const pairs = HELD_OUT_WORDS.map(
    (word, index) => `${word} ${HELD_OUT_WORDS[(index + 7) % HELD_OUT_WORDS.length]}`,
  );
  for (const [title, phrases] of [
    ["words", HELD_OUT_WORDS],
    ["pairs of words", pairs],
  ] as const) {
    const answers: string[] = [];
    for (const phrase of phrases) {
      answers.push(
        (await complete(engine, "pig-latin", pigLatinPrompt(phrase), { stopTokens: [10] })).trim(),
      );
    }
    const right = answers.filter((answer, index) => answer === pigLatin(phrases[index]!)).length;
    console.log(
      `pig latin, held-out ${title}: ${right}/${phrases.length} exact, such as ${answers.slice(0, 6).join(", ")}`,
    );
  }
}

async function measureIdentity(engine: Engine): Promise<void> {
  const rows = identityRows();
  const report = await fineTune(engine, "identity", rows, IDENTITY_RECIPE);
  console.log(
    `identity training on ${rows.length} rows:`,
    JSON.stringify({ ...IDENTITY_RECIPE, ...report }),
  );
  await runChecks(engine, "identity", "identity", IDENTITY_CHECKS);
  await runChecks(engine, "identity", "ordinary talk after the identity training", GREETING_CHECKS);
}

async function measureSpeed(engine: Engine): Promise<void> {
  const started = performance.now();
  const result = await engine.sample(
    {
      ...{
        adapter: "identity",
        prompt: Int32Array.of(258, 72, 105),
        maxTokens: 400,
        stopTokens: [],
      },
      ...{ temperature: 1, topP: 1, topK: 0, seed: 5 },
    },
    { signal: new AbortController().signal },
  );
  const count = result.sequences[0]?.tokens.length ?? 0;
  const perSecond = (1000 * count) / (performance.now() - started);
  console.log(`decoding: ${perSecond.toFixed(0)} tokens/s with an adapter`);
}

const directory = process.argv[2] ?? fileURLToPath(new URL("../builtin/spark/", import.meta.url));
const engine = await Engine.open(directory);
console.log(`${engine.parameterCount} parameters`);
await runChecks(engine, null, "base model", BASE_CHECKS);
await measureWordTasks(engine);
await measurePigLatin(engine);
await measureIdentity(engine);
await measureSpeed(engine);
await engine.close();
