import { LINEAR_NAMES, linearShape, modulePath, type LinearName } from "./base-layout";
import { roundUp } from "./compute";
import type { ModelConfig } from "./types";

/** Where one matrix pair of an adapter lives, in words from the start of the adapter's region. */
export interface LoraPair {
  path: string;
  inputs: number;
  outputs: number;
  /** A[rank, inputs] and B[outputs, rank], row-major; the rank is padded to a multiple of 8 with zeros. */
  a: number;
  b: number;
}

export interface AdapterLayout {
  rank: number;
  paddedRank: number;
  /** `alpha / rank`, the factor on the low-rank product. */
  scale: number;
  layers: Record<LinearName, LoraPair>[];
  words: number;
}

/** What a worker needs to compute with an adapter. Positions are words in the shared memory. */
export interface AdapterView {
  layout: AdapterLayout;
  parameters: number;
  /** A and B transposed into panels for the forward direction, at the same offsets as in `parameters`. */
  panels: number;
  /** This worker's gradient sums, or -1. */
  gradients: number;
}

/** Lays out the low-rank pairs of all seven matrices of every layer. */
export function planAdapter(config: ModelConfig, rank: number, alpha: number): AdapterLayout {
  const paddedRank = roundUp(rank, 8);
  let top = 0;
  const pair = (layer: number, name: LinearName): LoraPair => {
    const [outputs, inputs] = linearShape(config, name);
    const a = top;
    const b = a + paddedRank * inputs;
    top = b + outputs * paddedRank;
    return {
      path: `base_model.model.model.layers.${layer}.${modulePath(name)}`,
      inputs,
      outputs,
      a,
      b,
    };
  };
  const layers = Array.from(
    { length: config.layerCount },
    (_, layer) =>
      Object.fromEntries(LINEAR_NAMES.map((name) => [name, pair(layer, name)])) as Record<
        LinearName,
        LoraPair
      >,
  );
  return { rank, paddedRank, scale: alpha / rank, layers, words: top };
}

/** Every pair, in layout order. */
export function allPairs(layout: AdapterLayout): LoraPair[] {
  return layout.layers.flatMap((layer) => LINEAR_NAMES.map((name) => layer[name]));
}
