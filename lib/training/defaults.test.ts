import { expect, test } from "vitest";
import { defaultRunConfig, type DefaultsInput } from "./defaults";

const facts: DefaultsInput = {
  dataset: { id: "d", name: "tone.v2.jsonl", sampleKind: "chat" },
  rowCount: 100,
  longestRow: 90,
  baseModel: "toy",
  hiddenSize: 160,
  maxPositions: 512,
};

test("a file of its own is trained for at least ninety steps, with room for its longest row", () => {
  const config = defaultRunConfig(facts);
  expect(config).toMatchObject({ name: "tone-v2", epochs: 7, batchSize: 8, maxLength: 96 });
  expect(defaultRunConfig({ ...facts, longestRow: 9000, maxPositions: null }).maxLength).toBe(2048);
});

test("a slice of a hub's dataset begins with the recipe of Twinkle's documentation", () => {
  const dataset = { ...facts.dataset, name: "swift/self-cognition-v1.5 (first 500)" };
  const slice = { ...facts, dataset, rowCount: 500, isHubSlice: true };
  const recipe = { epochs: 3, batchSize: 8, loraRank: 16, maxLength: 256 };
  const name = "swift-self-cognition-v1-5-first-500";
  expect(defaultRunConfig(slice)).toMatchObject({ ...recipe, name });
  expect(defaultRunConfig({ ...slice, longestRow: 9000 })).toMatchObject(recipe);
  expect(defaultRunConfig({ ...slice, maxPositions: 128 }).maxLength).toBe(128);
});
