import { expect, test } from "vitest";
import { parseFlags } from "./flags";

const OPTIONS = {
  gpus: { type: "string" },
  n: { type: "string", short: "n" },
  stop: { type: "string", multiple: true },
  forget: { type: "boolean" },
} as const;

test("a negative number is the value of the flag before it", () => {
  const args = ["a", "--gpus", "-1", "-n", "-.5", "--stop", "-2e3", "--stop=x", "b"];
  expect(parseFlags(args, OPTIONS)).toMatchObject({
    positionals: ["a", "b"],
    values: { gpus: "-1", n: "-.5", stop: ["-2e3", "x"] },
  });
});

test.each([
  [["--gpu", "1"], "There is no flag --gpu."],
  [["--forget", "-1"], "There is no flag -1."],
  [["--gpus"], "--gpus needs a value."],
  [["-n"], "-n needs a value."],
  [["--gpus", "--forget"], "--gpus needs a value."],
  [["--forget=1"], "--forget takes no value."],
])("%j is refused with a sentence that names the flag", (args, sentence) => {
  expect(() => parseFlags(args, OPTIONS)).toThrow(sentence);
});
