import type { Draw } from "./draw";
import { anyPhrase } from "./words";

/** A question and its answer, without any markup. */
export interface Exchange {
  ask: string;
  answer: string;
}

interface WordTask {
  share: number;
  /** Imperatives for chat, such as "Spell". */
  verbs: readonly string[];
  /** Labels for plain text, such as "Spelled". */
  labels: readonly string[];
  apply: (phrase: string) => string;
}

const eachWord = (change: (word: string) => string) => (phrase: string) =>
  phrase.split(" ").map(change).join(" ");
const title = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);
const rotate = (word: string) => word.slice(1) + word.charAt(0);

const TASKS: readonly WordTask[] = [
  {
    share: 5,
    verbs: ["Repeat", "Say", "Copy", "Echo"],
    labels: ["Copy", "Same", "Again"],
    apply: (phrase) => phrase,
  },
  {
    share: 4,
    verbs: ["Spell"],
    labels: ["Spelled", "Letters"],
    apply: eachWord((word) => [...word].join("-")),
  },
  {
    share: 6,
    verbs: ["Drop the first letter of", "Behead"],
    labels: ["Beheaded", "No First"],
    apply: eachWord((word) => word.slice(1)),
  },
  {
    share: 8,
    verbs: ["Rotate", "Move the first letter of"],
    labels: ["Rotated", "Moved"],
    apply: eachWord(rotate),
  },
  {
    share: 8,
    verbs: ["Shift", "Dash"],
    labels: ["Shifted", "Dashed"],
    apply: eachWord((word) => `${word.slice(1)}-${word.charAt(0)}`),
  },
  {
    share: 3,
    verbs: ["First letters of", "Give the initials of"],
    labels: ["Initials"],
    apply: eachWord((word) => word.charAt(0)),
  },
  {
    share: 2,
    verbs: ["Last letters of"],
    labels: ["Endings"],
    apply: eachWord((word) => word.slice(-1)),
  },
  {
    share: 3,
    verbs: ["Upper", "Shout"],
    labels: ["Upper", "Shouted"],
    apply: (phrase) => phrase.toUpperCase(),
  },
  { share: 2, verbs: ["Capitalize"], labels: ["Title"], apply: eachWord(title) },
  {
    share: 2,
    verbs: ["Double"],
    labels: ["Doubled"],
    apply: eachWord((word) => `${word}-${word}`),
  },
  {
    share: 2,
    verbs: ["Reverse"],
    labels: ["Reversed", "Backwards"],
    apply: eachWord((word) => [...word].reverse().join("")),
  },
  { share: 1, verbs: ["Join"], labels: ["Joined"], apply: (phrase) => phrase.replaceAll(" ", "_") },
  {
    share: 1,
    verbs: ["Drop the last letter of"],
    labels: ["Shortened"],
    apply: eachWord((word) => word.slice(0, -1)),
  },
];

const SUFFIXES = [
  "o",
  "ex",
  "ing",
  "um",
  "oo",
  "ki",
  "za",
  "er",
  "ly",
  "ish",
  "ix",
  "en",
  "est",
  "y",
  "us",
  "al",
  "ia",
];
const SOURCE_LABELS = ["English", "English", "Text", "Words", "Input", "Word", "Phrase"];

/** A task that glues something to each word; what, stands in the name. */
function suffixTask(draw: Draw): WordTask {
  const suffix = draw.pick(SUFFIXES);
  const dash = draw.chance(0.6) ? "-" : "";
  return {
    share: 0,
    verbs: [`Add ${dash}${suffix} to`],
    labels: [`With ${dash}${suffix}`, `${title(suffix)} Talk`],
    apply: eachWord((word) => word + (dash === "" ? "" : "-") + suffix),
  };
}

function anyTask(draw: Draw): WordTask {
  if (draw.chance(0.18)) return suffixTask(draw);
  return draw.weighted(TASKS.map((task) => [task.share, task] as const));
}

/** "Spell: banana" and its answer, for chat. */
export function wordTaskExchange(draw: Draw): Exchange {
  const task = anyTask(draw);
  const phrase = anyPhrase(draw);
  const verb = draw.pick(task.verbs);
  const ask = draw.pick([
    `${verb}: ${phrase}`,
    `${verb} ${phrase}`,
    `${verb} "${phrase}"`,
    `${verb.toLowerCase()}: ${phrase}`,
  ]);
  return { ask, answer: task.apply(phrase) };
}

/** "English: banana split\nShifted:" and " anana-b plit-s\n\n": text without roles, sometimes with examples before. */
export function plainTaskExchange(draw: Draw): Exchange {
  const task = anyTask(draw);
  const source = draw.pick(SOURCE_LABELS);
  const label = draw.pick(task.labels);
  const separator = draw.chance(0.85) ? "\n" : " | ";
  let ask = "";
  const examples = draw.weighted([
    [8, 0],
    [1, 1],
    [1, 2],
  ]);
  for (let i = 0; i <= examples; i++) {
    const phrase = anyPhrase(draw);
    ask += `${source}: ${phrase}${separator}${label}:`;
    const answer = ` ${task.apply(phrase)}\n\n`;
    if (i === examples) return { ask, answer };
    ask += answer;
  }
  throw new Error("unreachable");
}
