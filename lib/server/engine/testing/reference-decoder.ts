import type { AdapterTensors, ModelConfig } from "../types";

type Rows = number[][];

/**
 * Log probabilities [T] of `targets`, computed the slow and obvious way in 64 bits after Hugging Face's
 * `modeling_qwen2.py` and `modeling_qwen3.py`, with PEFT's LoRA on top. Nothing here is shared with the engine.
 *
 * @param tensors - the model's tensors by name, each flat and row-major
 */
export function referenceLogprobs(
  config: ModelConfig,
  tensors: ReadonlyMap<string, Float32Array>,
  adapter: AdapterTensors | null,
  tokens: readonly number[],
  targets: readonly number[],
): number[] {
  const { hiddenSize, headCount, kvHeadCount, headDim, rmsNormEps, ropeTheta } = config;
  const tensor = (name: string) => tensors.get(name)!;

  const product = (x: Rows, weight: Float32Array): Rows =>
    x.map((row) => {
      const outputs = weight.length / row.length;
      return Array.from({ length: outputs }, (_, o) =>
        row.reduce((sum, value, i) => sum + value * weight[o * row.length + i]!, 0),
      );
    });
  const linear = (x: Rows, name: string): Rows => {
    const bias = tensors.get(`${name}.bias`);
    const y = product(x, tensor(`${name}.weight`)).map((row) =>
      row.map((value, o) => value + (bias?.[o] ?? 0)),
    );
    const a = adapter?.tensors.get(`base_model.model.${name}.lora_A.weight`);
    const b = adapter?.tensors.get(`base_model.model.${name}.lora_B.weight`);
    if (!adapter || !a || !b) return y;
    const low = product(product(x, a.data), b.data);
    return y.map((row, t) =>
      row.map((value, o) => value + (adapter.alpha / adapter.rank) * low[t]![o]!),
    );
  };
  const norm = (x: Rows, name: string): Rows =>
    x.map((row) => {
      const scale =
        1 / Math.sqrt(row.reduce((sum, value) => sum + value * value, 0) / row.length + rmsNormEps);
      return row.map((value, i) => value * scale * tensor(`${name}.weight`)[i]!);
    });
  const rotate = (vector: number[], position: number): number[] =>
    vector.map((value, i) => {
      const half = headDim / 2;
      const angle = position * ropeTheta ** ((-2 * (i % half)) / headDim);
      const turned = i < half ? -vector[i + half]! : vector[i - half]!;
      return value * Math.cos(angle) + turned * Math.sin(angle);
    });
  const softmax = (scores: number[]): number[] => {
    const largest = Math.max(...scores);
    const powers = scores.map((score) => Math.exp(score - largest));
    const sum = powers.reduce((total, value) => total + value, 0);
    return powers.map((value) => value / sum);
  };
  const heads = (row: number[]) =>
    Array.from({ length: row.length / headDim }, (_, h) =>
      row.slice(h * headDim, (h + 1) * headDim),
    );
  const attention = (x: Rows, name: string): Rows => {
    const rotated = (part: "q" | "k") =>
      linear(x, `${name}.${part}_proj`).map((row, t) => {
        const normName = `${name}.${part}_norm`;
        const split = tensors.has(`${normName}.weight`) ? norm(heads(row), normName) : heads(row);
        return split.map((head) => rotate(head, t));
      });
    const [q, k] = [rotated("q"), rotated("k")];
    const v = linear(x, `${name}.v_proj`).map(heads);
    const mixed = x.map((_, t) =>
      Array.from({ length: headCount }, (__, h) => {
        const group = Math.floor(h / (headCount / kvHeadCount));
        const dot = (s: number) =>
          q[t]![h]!.reduce((sum, value, i) => sum + value * k[s]![group]![i]!, 0);
        const weights = softmax(
          Array.from({ length: t + 1 }, (___, s) => dot(s) / Math.sqrt(headDim)),
        );
        return Array.from({ length: headDim }, (___, i) =>
          weights.reduce((sum, weight, s) => sum + weight * v[s]![group]![i]!, 0),
        );
      }).flat(),
    );
    return linear(mixed, `${name}.o_proj`);
  };
  const feedForward = (x: Rows, name: string): Rows => {
    const up = linear(x, `${name}.up_proj`);
    const gate = linear(x, `${name}.gate_proj`);
    const product = gate.map((row, t) =>
      row.map((value, i) => (value / (1 + Math.exp(-value))) * up[t]![i]!),
    );
    return linear(product, `${name}.down_proj`);
  };
  const plus = (a: Rows, b: Rows): Rows =>
    a.map((row, t) => row.map((value, i) => value + b[t]![i]!));

  const embeddings = tensor("model.embed_tokens.weight");
  let x: Rows = tokens.map((token) => [
    ...embeddings.slice(token * hiddenSize, (token + 1) * hiddenSize),
  ]);
  for (let layer = 0; layer < config.layerCount; layer++) {
    const name = `model.layers.${layer}`;
    x = plus(x, attention(norm(x, `${name}.input_layernorm`), `${name}.self_attn`));
    x = plus(x, feedForward(norm(x, `${name}.post_attention_layernorm`), `${name}.mlp`));
  }
  const head = config.isHeadTied ? embeddings : tensor("lm_head.weight");
  return product(norm(x, "model.norm"), head).map((logits, t) =>
    Math.log(softmax(logits)[targets[t]!]!),
  );
}
