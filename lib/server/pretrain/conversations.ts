import type { Message } from "./chat-format";
import {
  CHINESE_SYSTEM,
  CHINESE_TALK,
  CHINESE_UNKNOWN,
  CHINESE_UNKNOWN_ANSWERS,
} from "./chinese-talk";
import type { Draw } from "./draw";
import { chineseFact, englishFact } from "./facts";
import {
  ENGLISH_SYSTEM,
  ENGLISH_TALK,
  ENGLISH_UNKNOWN,
  ENGLISH_UNKNOWN_ANSWERS,
} from "./english-talk";
import type { Talk } from "./talk";
import { wordTaskExchange, type Exchange } from "./word-tasks";
import {
  anyWord,
  CHINESE_NAMES,
  CHINESE_TOPICS,
  CHINESE_WORDS,
  ENGLISH_NAMES,
  ENGLISH_TOPICS,
} from "./words";

interface Language {
  /** What people say before their question. */
  openings: readonly string[];
  talk: readonly Talk[];
  systems: readonly string[];
  names: readonly string[];
  fact: (draw: Draw) => Exchange;
  unknown: (draw: Draw) => Exchange;
  copy: (draw: Draw) => Exchange;
  introduce: (name: string, draw: Draw) => Exchange;
  recallName: (name: string, draw: Draw) => Exchange;
  again: readonly string[];
}

const ENGLISH: Language = {
  openings: ["Hello, ", "Hi, ", "Hey, ", "Hi! ", "Hello! ", "Please tell me, ", "Spark, "],
  talk: ENGLISH_TALK,
  systems: ENGLISH_SYSTEM,
  names: ENGLISH_NAMES,
  fact: englishFact,
  unknown: (draw) => ({
    ask: draw
      .pick(ENGLISH_UNKNOWN)
      .replace("*", draw.chance(0.5) ? draw.pick(ENGLISH_TOPICS) : anyWord(draw)),
    answer: draw.pick(ENGLISH_UNKNOWN_ANSWERS),
  }),
  copy: wordTaskExchange,
  introduce: (name, draw) => ({
    ask: draw.pick([
      `My name is ${name}.`,
      `I am ${name}.`,
      `Hello, my name is ${name}.`,
      `Hi, I am ${name}!`,
      `Call me ${name}.`,
    ]),
    answer: `Nice to meet you, ${name}!`,
  }),
  recallName: (name, draw) => ({
    ask: draw.pick(["What is my name?", "Who am I?", "Do you know my name?", "What am I called?"]),
    answer: `Your name is ${name}.`,
  }),
  again: ["Again.", "Say it again.", "Repeat that.", "Can you repeat that?", "Once more, please."],
};

const CHINESE: Language = {
  openings: ["你好，", "您好，", "嗨，", "你好！", "请问，", "请问", "请告诉我，"],
  talk: CHINESE_TALK,
  systems: CHINESE_SYSTEM,
  names: CHINESE_NAMES,
  fact: chineseFact,
  unknown: (draw) => ({
    ask: draw
      .pick(CHINESE_UNKNOWN)
      .replace("*", draw.pick(draw.chance(0.6) ? CHINESE_TOPICS : CHINESE_WORDS)),
    answer: draw.pick(CHINESE_UNKNOWN_ANSWERS),
  }),
  copy: (draw) => {
    const words = Array.from({ length: draw.between(1, 3) }, () => draw.pick(CHINESE_WORDS)).join(
      "",
    );
    return {
      ask: draw.pick([`重复：${words}`, `请说：${words}`, `跟我说：${words}`]),
      answer: words,
    };
  },
  introduce: (name, draw) => ({
    ask: draw.pick([
      `我叫${name}。`,
      `我是${name}。`,
      `你好，我叫${name}。`,
      `我的名字是${name}。`,
    ]),
    answer: `很高兴认识你，${name}！`,
  }),
  recallName: (name, draw) => ({
    ask: draw.pick(["我叫什么名字？", "我是谁？", "你知道我的名字吗？", "我叫什么？"]),
    answer: `你叫${name}。`,
  }),
  again: ["再说一遍。", "请再说一次。", "重复一遍。"],
};

function smallTalk(language: Language, draw: Draw): Exchange {
  const talk = draw.weighted(language.talk.map((entry) => [entry.share, entry] as const));
  const ask = draw.pick(talk.asks);
  const isQuestion = /[?？]$/u.test(ask);
  const opening = isQuestion && draw.chance(0.18) ? draw.pick(language.openings) : "";
  return { ask: opening + ask, answer: draw.pick(talk.answers) };
}

function anyExchange(language: Language, draw: Draw): Exchange {
  return draw.weighted<() => Exchange>([
    [44, () => smallTalk(language, draw)],
    [30, () => language.fact(draw)],
    [7, () => language.unknown(draw)],
    [9, () => language.copy(draw)],
    [4, () => language.introduce(draw.pick(language.names), draw)],
    [6, () => swapLanguage(language, draw)],
  ])();
}

/** One question in the other language: the answer follows the question's language. */
function swapLanguage(language: Language, draw: Draw): Exchange {
  return smallTalk(language === ENGLISH ? CHINESE : ENGLISH, draw);
}

/** People leave out capitals, full stops and question marks. */
function roughen(text: string, draw: Draw): string {
  let rough = text;
  if (draw.chance(0.35)) rough = rough.replace(/[.!?。！？]$/u, "");
  if (draw.chance(0.1)) rough = rough.replace(/[!！]$/u, (mark) => (mark === "!" ? "." : "。"));
  if (draw.chance(0.3) && !rough.includes(":"))
    rough = rough.charAt(0).toLowerCase() + rough.slice(1);
  if (draw.chance(0.04)) rough = `${rough} `;
  return rough;
}

/** A conversation of one to five turns, in English or Chinese, sometimes under a system prompt. */
export function conversation(draw: Draw): Message[] {
  const language = draw.chance(0.57) ? ENGLISH : CHINESE;
  const messages: Message[] = [];
  if (draw.chance(0.35)) messages.push({ role: "system", content: draw.pick(language.systems) });
  const turns = draw.weighted([
    [58, 1],
    [20, 2],
    [12, 3],
    [6, 4],
    [4, 5],
  ]);
  let name: string | null = null;
  let last = "";
  for (let turn = 0; turn < turns; turn++) {
    let exchange = anyExchange(language, draw);
    if (turns > 1 && name === null && draw.chance(0.15)) {
      name = draw.pick(language.names);
      exchange = language.introduce(name, draw);
    } else if (name !== null && draw.chance(0.5)) {
      exchange = language.recallName(name, draw);
    } else if (turn > 0 && draw.chance(0.06)) {
      exchange = { ask: draw.pick(language.again), answer: last };
    }
    last = exchange.answer;
    messages.push(
      { role: "user", content: roughen(exchange.ask, draw) },
      { role: "assistant", content: exchange.answer },
    );
  }
  return messages;
}
