import { expect, test } from "vitest";
import { isModelCard, modelCard, trainingRows } from "./model-card";

test("a card names the base model for the hub and tells what is known of the training, and nothing else", () => {
  const facts = trainingRows({
    ...{ baseModel: "Qwen/Qwen3-8B", loraRank: 16, run: "nova", path: "twinkle://r/weights/a" },
    ...{ step: 6, loss: 1.23456, validationLoss: null },
  });
  expect(facts).toEqual([
    ["Base model", "Qwen/Qwen3-8B"],
    ["LoRA rank", "16"],
    ["Training run", "nova"],
    ["Checkpoint", "twinkle://r/weights/a"],
    ["Optimizer steps", "6"],
    ["Training loss", "1.2346"],
  ]);
  const card = modelCard({
    ...{ repository: "alice/r_a", baseModel: "Qwen/Qwen3-8B", license: null },
    ...{ trainedOn: "a training server", facts },
  });
  expect(card).toContain("| Optimizer steps | `6` |");
  expect(isModelCard(card)).toBe(true);
  expect(isModelCard("---\nlicense: Apache License 2.0\n---\n")).toBe(false);
});
