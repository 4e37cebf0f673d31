import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { expect, test } from "vitest";
import { aConfig } from "@/lib/testing/run-builders";
import { commandOf, shellWord } from "./as-command";
import { configOf, type RunFlagValues } from "./run-flags";

/** The words of a command as a POSIX shell reads them. */
function wordsOf(command: string): string[] {
  const script = `set -- ${command}; for word in "$@"; do printf '%s\\0' "$word"; done`;
  const printed = execFileSync("sh", ["-c", script]);
  return printed.toString().split("\0").slice(0, -1);
}

test("a shell reads any text as the one word that it is", () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), (text) => {
      const word = text.replaceAll("\0", "");
      expect(wordsOf(shellWord(word))).toEqual([word]);
    }),
    { numRuns: 60 },
  );
});

test("the command has every field, so that it makes the same config over any defaults", () => {
  const config = aConfig({
    ...{ name: "it's mine", learningRate: 3e-4, saveEvery: { unit: "steps", steps: 7 } },
    ...{ datasetName: "my rows.jsonl", validationShare: 0.1 },
    startFrom: { path: "twinkle://r/weights/a", optimizer: false },
  });
  const words = wordsOf(commandOf(config, { serverUrl: "https://host/twinkle" }));
  expect(words.slice(0, 6)).toEqual(["npm", "run", "-s", "studio", "--", "train"]);
  expect(words.slice(6, 15)).toEqual([
    ...["my rows.jsonl", "--server", "https://host/twinkle", "--base", "twinkle/tiny"],
    ...["--resume", "twinkle://r/weights/a", "--weights-only", "--run-name"],
  ]);
  const flags: RunFlagValues = {};
  for (let at = 14; at < words.length; at += 2)
    flags[words[at]?.slice(2) as keyof RunFlagValues] = words[at + 1] ?? "";
  const defaults = aConfig({ startFrom: config.startFrom, datasetName: config.datasetName });
  expect(configOf(flags, defaults, { maxPositions: null })).toEqual(config);
});

test("a name that begins like a flag is taken for none", () => {
  const config = aConfig({ name: "-v", datasetName: "--rows.jsonl" });
  const words = wordsOf(commandOf(config, { serverUrl: null }));
  expect(words).toEqual(expect.arrayContaining(["./--rows.jsonl", "--run-name=-v"]));
});

test("a slice of a hub's dataset is named by its address", () => {
  const config = aConfig({ datasetName: "ms://swift/self-cognition (first 500)" });
  const words = wordsOf(commandOf(config, { serverUrl: null }));
  expect(words.slice(6, 11)).toEqual([
    ...["ms://swift/self-cognition", "--rows", "500", "--base", "twinkle/tiny"],
  ]);
});
