import { expect, test } from "vitest";

import { countParameters } from "./base-layout";
import { planMemory, storageOf } from "./memory-plan";
import { parseModelConfig } from "./model-config";

const QWEN25_05B = {
  ...{ model_type: "qwen2", hidden_size: 896, num_hidden_layers: 24, num_attention_heads: 14 },
  ...{ num_key_value_heads: 2, intermediate_size: 4864, vocab_size: 151936 },
  ...{ max_position_embeddings: 32768, tie_word_embeddings: true },
};
const QWEN3_06B = {
  ...{ model_type: "qwen3", hidden_size: 1024, num_hidden_layers: 28, num_attention_heads: 16 },
  ...{ num_key_value_heads: 8, head_dim: 128, intermediate_size: 3072, vocab_size: 151936 },
  ...{ max_position_embeddings: 40960, tie_word_embeddings: true },
};
const TWO_BILLION = { ...QWEN3_06B, hidden_size: 2048, intermediate_size: 8192 };

function plan(fields: Record<string, unknown>) {
  const config = parseModelConfig(JSON.stringify(fields));
  const parameters = countParameters(config);
  return { parameters, ...planMemory(config, 2, storageOf(parameters)) };
}

test.each([
  ["Qwen2.5-0.5B", QWEN25_05B, 494_032_768],
  ["Qwen3-0.6B", QWEN3_06B, 596_049_920],
])("%s fits with two bytes a weight, rows of 512 tokens and adapters", (_, fields, count) => {
  const { parameters, base, heap, longestRow, pages } = plan(fields);
  expect(parameters).toBe(count);
  expect(base.words * 4).toBeLessThan(2.01 * count);
  expect(longestRow).toBeGreaterThanOrEqual(512);
  expect(heap.words).toBeGreaterThanOrEqual(32 << 20);
  expect(pages).toBeLessThanOrEqual(65536);
});

test("a model that is too large is refused with its size and the room there is", () => {
  expect(() => plan(TWO_BILLION)).toThrow(
    /^The model has \d+ M parameters, \d+ MB in memory; with 2 threads the local engine has room for \d+ MB\.$/,
  );
});
