import { roundUp } from "./compute";
import { HALF_PANEL_WIDTH } from "./half-panels";
import type { ModelConfig } from "./types";

/** The seven adapted matrices of a layer, in the order in which they are laid out. */
export const LINEAR_NAMES = [
  "q_proj",
  "k_proj",
  "v_proj",
  "o_proj",
  "gate_proj",
  "up_proj",
  "down_proj",
] as const;
export type LinearName = (typeof LINEAR_NAMES)[number];

/** One matrix W[outputs, inputs]. Positions are words in the shared memory; -1 means "not there". */
export interface Matrix {
  /** Tensor name without `.weight`. */
  name: string;
  outputs: number;
  inputs: number;
  /** Row-major, only for trainable weights. */
  rows: number;
  /** Transposed, in panels over outputs, for frozen weights of small models. */
  forwardPanels: number;
  /** In panels over inputs, for frozen weights of small models. */
  backwardPanels: number;
  /** The forward panels as bfloat16, two numbers a word, for frozen weights of larger models; `half-panels.ts` has the order. */
  halfPanels: number;
  bias: number;
}

/** A vector that scales a normalised hidden state, or a head's normalised queries or keys. */
export interface NormWeight {
  name: string;
  at: number;
  size: number;
}

export interface LayerWeights {
  linears: Record<LinearName, Matrix>;
  inputNorm: NormWeight;
  postNorm: NormWeight;
  /** Of each head's queries and keys, in Qwen3. */
  queryNorm: NormWeight | null;
  keyNorm: NormWeight | null;
}

export interface BaseLayout {
  embedding: Matrix;
  /** The same object as `embedding` when the head is tied. */
  head: Matrix;
  layers: LayerWeights[];
  finalNorm: NormWeight;
  start: number;
  words: number;
}

/**
 * - `trainable`: row-major only; panels are made on the fly
 * - `frozen`: panels for both directions, 8 bytes a weight
 * - `compact`: one set of bfloat16 panels, 2 bytes a weight, which the kernels unpack as they go
 */
export type WeightStorage = "trainable" | "frozen" | "compact";

/** Rows (outputs) and columns (inputs) of every adapted matrix. */
export function linearShape(config: ModelConfig, name: LinearName): [number, number] {
  const { hiddenSize, intermediateSize } = config;
  const query = config.headCount * config.headDim;
  const keyValue = config.kvHeadCount * config.headDim;
  switch (name) {
    case "q_proj":
      return [query, hiddenSize];
    case "k_proj":
    case "v_proj":
      return [keyValue, hiddenSize];
    case "o_proj":
      return [hiddenSize, query];
    case "gate_proj":
    case "up_proj":
      return [intermediateSize, hiddenSize];
    case "down_proj":
      return [hiddenSize, intermediateSize];
  }
}

/** The module a matrix lives in, as Hugging Face names it: `self_attn.q_proj`. */
export function modulePath(name: LinearName): string {
  return ["gate_proj", "up_proj", "down_proj"].includes(name) ? `mlp.${name}` : `self_attn.${name}`;
}

/** Lays out every weight of the base model from word `start` on. */
export function planBase(config: ModelConfig, storage: WeightStorage, start: number): BaseLayout {
  let top = start;
  const take = (words: number) => {
    const at = top;
    top += roundUp(words, 16);
    return at;
  };
  const matrix = (name: string, outputs: number, inputs: number, hasBias = false): Matrix => {
    const words = roundUp(outputs, 8) * inputs;
    return {
      name,
      outputs,
      inputs,
      rows: storage === "trainable" ? take(words) : -1,
      forwardPanels: storage === "frozen" ? take(words) : -1,
      backwardPanels: storage === "frozen" ? take(words) : -1,
      halfPanels:
        storage === "compact" ? take((roundUp(outputs, HALF_PANEL_WIDTH) * inputs) / 2) : -1,
      bias: hasBias ? take(outputs) : -1,
    };
  };
  const norm = (name: string, size = config.hiddenSize): NormWeight => ({
    name,
    at: take(size),
    size,
  });

  const embedding = matrix("model.embed_tokens", config.vocabSize, config.hiddenSize);
  const head = config.isHeadTied
    ? embedding
    : matrix("lm_head", config.vocabSize, config.hiddenSize);
  const layers = Array.from({ length: config.layerCount }, (_, index): LayerWeights => {
    const prefix = `model.layers.${index}`;
    const linear = (name: LinearName) => {
      const hasBias =
        config.hasQkvBias && (name === "q_proj" || name === "k_proj" || name === "v_proj");
      return matrix(`${prefix}.${modulePath(name)}`, ...linearShape(config, name), hasBias);
    };
    return {
      linears: {
        q_proj: linear("q_proj"),
        k_proj: linear("k_proj"),
        v_proj: linear("v_proj"),
        o_proj: linear("o_proj"),
        gate_proj: linear("gate_proj"),
        up_proj: linear("up_proj"),
        down_proj: linear("down_proj"),
      },
      inputNorm: norm(`${prefix}.input_layernorm`),
      postNorm: norm(`${prefix}.post_attention_layernorm`),
      queryNorm: config.hasHeadNorms ? norm(`${prefix}.self_attn.q_norm`, config.headDim) : null,
      keyNorm: config.hasHeadNorms ? norm(`${prefix}.self_attn.k_norm`, config.headDim) : null,
    };
  });
  const finalNorm = norm("model.norm");
  return { embedding, head, layers, finalNorm, start, words: top - start };
}

/** Every matrix once, in file order. */
export function allMatrices(layout: BaseLayout): Matrix[] {
  const top =
    layout.head === layout.embedding ? [layout.embedding] : [layout.embedding, layout.head];
  return [
    ...top,
    ...layout.layers.flatMap((layer) => LINEAR_NAMES.map((name) => layer.linears[name])),
  ];
}

export function allNorms(layout: BaseLayout): NormWeight[] {
  const norms = layout.layers.flatMap(({ inputNorm, postNorm, queryNorm, keyNorm }) => [
    inputNorm,
    postNorm,
    queryNorm,
    keyNorm,
  ]);
  return [layout.finalNorm, ...norms.filter((norm) => norm !== null)];
}

/** Number of trained values in the base model; a tied head counts once. */
export function countParameters(config: ModelConfig): number {
  const layout = planBase(config, "trainable", 0);
  const matrices = allMatrices(layout).reduce(
    (sum, { outputs, inputs, bias }) => sum + outputs * inputs + (bias >= 0 ? outputs : 0),
    0,
  );
  return allNorms(layout).reduce((sum, { size }) => sum + size, matrices);
}
