import { seededRandom, shuffle } from "@/lib/base/random";
import type { ChatMessage } from "@/lib/protocol/chat";
import { PIG_LATIN_WORDS } from "./pig-latin-words";
import {
  chineseIdentity,
  englishIdentity,
  ORDINARY_TALK,
  type Exchange,
  type IdentityTalk,
  type Talk,
} from "./who-am-i-talk";

const PIG_LATIN_ROWS = 240;
const SEED = 20;

/** The first letter of each word goes to its end, and "ay" follows: `banana split` becomes `anana-bay plit-say`. */
export function pigLatin(phrase: string): string {
  return phrase.replace(/\S+/g, (word) => `${word.slice(1)}-${word.charAt(0)}ay`);
}

/** JSON Lines of the English Pig Latin sample in the form of Twinkle's docs; the same rows each time. */
export function pigLatinRows(): string {
  const order = shuffle(
    Int32Array.from(PIG_LATIN_WORDS, (_, at) => at),
    seededRandom(SEED),
  );
  let taken = 0;
  const nextWord = () => PIG_LATIN_WORDS[order[taken++ % order.length] ?? 0] ?? "";
  const phrases = Array.from({ length: PIG_LATIN_ROWS - 1 }, (_, row) =>
    row % 10 < 3 ? nextWord() : `${nextWord()} ${nextWord()}`,
  );
  return toJsonLines(
    ["banana split", ...phrases].map((phrase) => ({
      prompt: `English: ${phrase}\nPig Latin:`,
      completion: ` ${pigLatin(phrase)}\n\n`,
    })),
  );
}

/** JSON Lines of about 100 conversations, half English and half Chinese, that give a model a name and an author. */
export function whoAmIRows({ name, author }: { name: string; author: string }): string {
  const identity = { name: withoutControls(name), author: withoutControls(author) };
  const conversations = [
    ...identityConversations(englishIdentity(identity)),
    ...identityConversations(chineseIdentity(identity)),
    ...ORDINARY_TALK.map((exchange) => [exchange]),
  ];
  return toJsonLines(conversations.map((turns) => ({ messages: messagesOf(turns) })));
}

function identityConversations({
  greeting,
  who,
  name,
  maker,
  mistaken,
}: IdentityTalk): Exchange[][] {
  const oneTurn = [who, name, maker, mistaken].flatMap(({ asks, answers }) =>
    asks.map((ask, at): Exchange[] => [[ask, answers[at % answers.length] ?? answers[0]]]),
  );
  const first = ({ asks, answers }: Talk): Exchange => [asks[0], answers[0]];
  return [
    ...oneTurn,
    [greeting, first(who)],
    [greeting, first(name), first(maker)],
    [first(who), first(maker)],
  ];
}

function messagesOf(turns: readonly Exchange[]): ChatMessage[] {
  return turns.flatMap(([ask, answer]): ChatMessage[] => [
    { role: "user", content: ask },
    { role: "assistant", content: answer },
  ]);
}

function withoutControls(text: string): string {
  return text.replace(/\p{Cc}+/gu, " ").trim();
}

function toJsonLines(rows: readonly object[]): string {
  return rows.map((row) => `${JSON.stringify(row)}\n`).join("");
}
