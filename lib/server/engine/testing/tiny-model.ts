import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { allMatrices, allNorms, planBase } from "../base-layout";
import { parseModelConfig } from "../model-config";
import { seededRandom } from "../random";
import { encodeSafetensors, type TensorToWrite } from "../safetensors";
import type { AdamParams, AdapterTensors, SampleRequest, TrainRow } from "../types";

/** A config.json with grouped-query attention, biases, a tied head and a vocabulary that is no multiple of 8. */
export const TINY_CONFIG = {
  model_type: "qwen2",
  hidden_size: 32,
  num_hidden_layers: 2,
  num_attention_heads: 4,
  num_key_value_heads: 2,
  intermediate_size: 48,
  vocab_size: 61,
  max_position_embeddings: 96,
  tie_word_embeddings: true,
};

/** The same as a Qwen3 model: norms on the heads, which are larger than the hidden size divided by their number. */
export const TINY_QWEN3 = { ...TINY_CONFIG, model_type: "qwen3", head_dim: 16 };

/** An optimizer step that leaves the weights alone and keeps the plain gradient as first moment. */
export const REVEAL_GRADIENTS: AdamParams = {
  learningRate: 0,
  beta1: 0,
  beta2: 0,
  eps: 1,
  weightDecay: 0,
  gradClipNorm: 0,
};

/**
 * Writes a model directory with random weights that are large enough for every gradient to matter.
 *
 * @param shards - files to spread the tensors over, with an index when there are several
 */
export function aModelDirectory(
  config: Record<string, unknown> = TINY_CONFIG,
  { dtype = "F32", shards = 1 }: { dtype?: "F32" | "BF16"; shards?: number } = {},
): string {
  const directory = mkdtempSync(join(tmpdir(), "tiny-model-"));
  const text = JSON.stringify(config);
  const layout = planBase(parseModelConfig(text), "trainable", 0);
  const random = seededRandom(5);
  const spread = (length: number, scale: number, middle = 0) =>
    Float32Array.from({ length }, () => middle + (2 * random() - 1) * scale);
  const tensors = [
    ...allMatrices(layout).flatMap(({ name, outputs, inputs, bias }): TensorToWrite[] => {
      const scale = name === "model.embed_tokens" ? 0.6 : 1.6 / Math.sqrt(inputs);
      const weight = {
        name: `${name}.weight`,
        shape: [outputs, inputs],
        data: spread(outputs * inputs, scale),
      };
      return bias < 0
        ? [weight]
        : [weight, { name: `${name}.bias`, shape: [outputs], data: spread(outputs, 0.3) }];
    }),
    ...allNorms(layout).map(({ name, size }): TensorToWrite => ({
      name: `${name}.weight`,
      shape: [size],
      data: spread(size, 0.2, 1),
    })),
  ];
  writeFileSync(join(directory, "config.json"), text);
  if (shards === 1) {
    writeFileSync(join(directory, "model.safetensors"), encodeSafetensors(tensors, dtype));
    return directory;
  }
  const names = Array.from({ length: shards }, (_, n) => `model-${n + 1}-of-${shards}.safetensors`);
  for (const [n, name] of names.entries()) {
    const share = tensors.filter((_, index) => index % shards === n);
    writeFileSync(join(directory, name), encodeSafetensors(share, dtype));
  }
  const map = Object.fromEntries(tensors.map(({ name }, index) => [name, names[index % shards]!]));
  const index = JSON.stringify({ weight_map: map });
  writeFileSync(join(directory, "model.safetensors.index.json"), index);
  return directory;
}

/** A row of random tokens with some positions left out. */
export function aRow(length: number, seed: number): TrainRow {
  const random = seededRandom(seed);
  const token = () => Math.floor(random() * TINY_CONFIG.vocab_size);
  return {
    tokens: Int32Array.from({ length }, token),
    targets: Int32Array.from({ length }, token),
    weights: Float32Array.from({ length }, () => (random() < 0.25 ? 0 : 0.2 + random())),
  };
}

export function aSample(overrides: Partial<SampleRequest> = {}): SampleRequest {
  return {
    ...{
      adapter: null,
      prompt: Int32Array.of(3, 1, 4, 1, 5),
      maxTokens: 20,
      temperature: 1,
      topP: 1,
      topK: 0,
      seed: 7,
    },
    ...{ stopTokens: [], ...overrides },
  };
}

/** The same adapter with other values, none of them 0. */
export function randomised({ rank, alpha, tensors }: AdapterTensors, seed: number): AdapterTensors {
  const random = seededRandom(seed);
  const changed = [...tensors].map(([name, { shape, data }]) => {
    const values = data.map(() => (random() - 0.5) * 0.3);
    return [name, { shape, data: values }] as const;
  });
  return { rank, alpha, tensors: new Map(changed) };
}
