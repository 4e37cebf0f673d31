import { expect, test } from "vitest";
import { defaultRunConfig } from "./defaults";
import { draftOf, parseDraft } from "./run-draft";

const base = defaultRunConfig({
  dataset: { id: "d", name: "tone.jsonl", sampleKind: "chat" },
  rowCount: 100,
  longestRow: 90,
  baseModel: "toy",
  hiddenSize: 160,
  maxPositions: 512,
});
const limits = { maxPositions: 512 };

test("the defaults say themselves", () => {
  expect(parseDraft(draftOf(base), base, limits)).toEqual({ config: base, problems: {} });
});

test("a learning rate may be written in powers of ten", () => {
  const draft = { ...draftOf(base), learningRate: " 1e-4 " };
  expect(parseDraft(draft, base, limits).config?.learningRate).toBe(1e-4);
  expect(draftOf({ ...base, learningRate: 2e-4 }).learningRate).toBe("2e-4");
});

test("each wrong field gets its own problem and no config comes out", () => {
  const draft = {
    ...draftOf(base),
    name: "a\u0007b",
    loraRank: "0",
    epochs: "1.5",
    batchSize: "many",
    learningRate: "0",
    maxLength: "600",
    seed: "",
    validationPercent: "60",
  };
  expect(parseDraft(draft, base, limits)).toEqual({
    config: null,
    problems: {
      name: { code: "control_characters" },
      loraRank: { code: "too_small", min: 1 },
      epochs: { code: "not_whole" },
      batchSize: { code: "not_a_number" },
      learningRate: { code: "not_above", min: 0 },
      maxLength: { code: "too_large", max: 512 },
      seed: { code: "required" },
      validationPercent: { code: "too_large", max: 50 },
    },
  });
});

test("the number of steps between saves counts only when it is chosen", () => {
  const draft = { ...draftOf(base), saveSteps: "none" };
  expect(parseDraft(draft, base, limits).config?.saveEvery).toEqual({ unit: "epoch" });
  expect(parseDraft({ ...draft, saveUnit: "steps" }, base, limits).problems).toEqual({
    saveSteps: { code: "not_a_number" },
  });
  expect(
    parseDraft({ ...draft, saveUnit: "steps", saveSteps: "20" }, base, limits).config?.saveEvery,
  ).toEqual({ unit: "steps", steps: 20 });
});
