import type { TrainRow } from "../engine/types";
import { encodeText } from "./chat-format";
import { toRow } from "./corpus";
import { Draw } from "./draw";
import { COMMON_WORDS, pseudoWord } from "./words";

/** English words that appear nowhere in the corpus. */
export const HELD_OUT_WORDS = (
  "wombat harpoon velvet teacup lantern walnut meadow cactus sparrow gadget turbine helmet biscuit marble puddle tractor " +
  "volcano feather sandal kettle wagon zipper dolphin hamster pumpkin napkin trumpet saddle thimble vacuum penguin hedge " +
  "fabric bracelet mustard copper lobster garlic parrot domino"
).split(" ");

export const pigLatin = (phrase: string) =>
  phrase
    .split(" ")
    .map((word) => `${word.slice(1)}-${word.charAt(0)}ay`)
    .join(" ");

export const pigLatinPrompt = (phrase: string) => encodeText(`English: ${phrase}\nPig Latin:`);

/** Rows like those of Twinkle's Pig Latin example: plain text, only the completion is trained. */
export function pigLatinRows(count: number, seed: number): TrainRow[] {
  const draw = new Draw(seed);
  const isHeldOut = (word: string) => HELD_OUT_WORDS.includes(word);
  const word = () => {
    for (;;) {
      const candidate = draw.chance(0.6) ? draw.pick(COMMON_WORDS) : pseudoWord(draw);
      if (candidate.length > 1 && !isHeldOut(candidate)) return candidate;
    }
  };
  return Array.from({ length: count }, () => {
    const phrase = draw.chance(0.7) ? `${word()} ${word()}` : word();
    const prompt = pigLatinPrompt(phrase);
    const completion = encodeText(` ${pigLatin(phrase)}\n\n`);
    return toRow([...prompt, ...completion], [...prompt.map(() => 0), ...completion.map(() => 1)]);
  });
}
