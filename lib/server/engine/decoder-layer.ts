import type { AdapterView } from "./adapter-layout";
import { attentionBackward, attentionForward, type SequenceSpan } from "./attention";
import type { LayerWeights, LinearName, NormWeight } from "./base-layout";
import type { Compute } from "./compute";
import { linearBackward, linearForward, loraOperand, type LinearRecord } from "./linear";
import { normBackward, normForward } from "./norm";
import type { RopeTable } from "./rope";
import type { ModelConfig } from "./types";

/** One layer over whole sequences laid end to end. */
export interface LayerRun {
  compute: Compute;
  config: ModelConfig;
  rope: RopeTable;
  index: number;
  layer: LayerWeights;
  spans: readonly SequenceSpan[];
  positions: Int32Array;
  adapter: AdapterView | null;
  /** Words from a trainable weight to its gradient; -1 when the base is frozen. */
  baseShift: number;
}

/** What the backward direction needs from the forward direction. */
export interface LayerRecord {
  x: number;
  inputInverse: number;
  query: HeadRecord;
  key: HeadRecord;
  v: number;
  probabilities: number[];
  afterAttention: number;
  postInverse: number;
  gate: number;
  up: number;
  sigmoid: number;
  linears: Record<LinearName, LinearRecord>;
}

/** Queries or keys before their norm, where there is one, and after the rotation. */
interface HeadRecord {
  projected: number;
  inverse: number;
  rotated: number;
}

export function layerForward(run: LayerRun, x: number): { out: number; record: LayerRecord } {
  const { compute, config, layer, spans } = run;
  const { hiddenSize: size, headCount, kvHeadCount, headDim, intermediateSize } = config;
  const M = run.positions.length;
  const linears = {} as Record<LinearName, LinearRecord>;
  const apply = (name: LinearName, input: number) => {
    const lora = run.adapter ? loraOperand(run.adapter, run.index, name) : null;
    const { output, record } = linearForward(compute, layer.linears[name], input, M, lora);
    linears[name] = record;
    return output;
  };
  const normed = (source: number, norm: NormWeight) => {
    const out = compute.allocate(M * size);
    const inverse = compute.allocate(M);
    normForward(compute, source, norm.at, out, inverse, M, size, config.rmsNormEps);
    return [out, inverse] as const;
  };

  const [input, inputInverse] = normed(x, layer.inputNorm);
  const query = prepareHeads(run, apply("q_proj", input), headCount, layer.queryNorm);
  const key = prepareHeads(run, apply("k_proj", input), kvHeadCount, layer.keyNorm);
  const v = apply("v_proj", input);
  const attended = compute.allocate(M * headCount * headDim);
  const operands = { q: query.rotated, k: key.rotated, v };
  const probabilities = attentionForward(compute, config, spans, operands, attended);
  const afterAttention = apply("o_proj", attended);
  compute.add(afterAttention, afterAttention, x, M * size);

  const [postInput, postInverse] = normed(afterAttention, layer.postNorm);
  const gate = apply("gate_proj", postInput);
  const up = apply("up_proj", postInput);
  const sigmoid = compute.allocate(M * intermediateSize);
  const product = compute.allocate(M * intermediateSize);
  compute.kernels.siluMultiply(gate * 4, up * 4, sigmoid * 4, product * 4, M * intermediateSize);
  const out = apply("down_proj", product);
  compute.add(out, out, afterAttention, M * size);
  const record = {
    ...{ x, inputInverse, query, key, v, probabilities },
    ...{ afterAttention, postInverse, gate, up, sigmoid, linears },
  };
  return { out, record };
}

/**
 * Turns `gradient` from the gradient of the layer's output into that of its input. Where nobody asks for the input's
 * gradient, because everything below is frozen, `gradient` is only used up.
 */
export function layerBackward(
  run: LayerRun,
  record: LayerRecord,
  gradient: number,
  isInputWanted: boolean,
): void {
  const { compute, config, layer, baseShift } = run;
  const { hiddenSize: size, headCount, kvHeadCount, headDim, intermediateSize } = config;
  const M = run.positions.length;
  const mark = compute.mark();
  const reverse = (name: LinearName, outGradient: number, target: number, isAdding = false) => {
    const lora = run.adapter ? loraOperand(run.adapter, run.index, name) : null;
    const { [name]: matrix } = layer.linears;
    const forward = record.linears[name];
    linearBackward(compute, matrix, outGradient, M, forward, target, isAdding, lora, baseShift);
  };
  const reverseNorm = (norm: NormWeight, source: number, inverse: number, outGradient: number) => {
    const shifted = baseShift < 0 ? -1 : norm.at + baseShift;
    normBackward(compute, source, norm.at, inverse, outGradient, gradient, M, size, shifted);
  };

  const upGradient = compute.allocate(M * intermediateSize);
  reverse("down_proj", gradient, upGradient);
  const gateGradient = compute.allocate(M * intermediateSize);
  const operands = [record.gate, record.up, record.sigmoid, upGradient, gateGradient];
  compute.kernels.siluBackward(...operands.map((at) => at * 4), M * intermediateSize);
  const postGradient = compute.allocate(M * size);
  reverse("gate_proj", gateGradient, postGradient);
  reverse("up_proj", upGradient, postGradient, true);
  reverseNorm(layer.postNorm, record.afterAttention, record.postInverse, postGradient);

  const attendedGradient = compute.allocate(M * headCount * headDim);
  reverse("o_proj", gradient, attendedGradient);
  const { query, key, v } = record;
  const gradients = {
    q: compute.allocate(M * headCount * headDim),
    k: compute.zeros(M * kvHeadCount * headDim),
    v: compute.zeros(M * kvHeadCount * headDim),
  };
  const forward = { q: query.rotated, k: key.rotated, v };
  const { probabilities } = record;
  attentionBackward(
    compute,
    config,
    run.spans,
    forward,
    probabilities,
    attendedGradient,
    gradients,
  );
  const q = reverseHeads(run, query, gradients.q, headCount, layer.queryNorm);
  const k = reverseHeads(run, key, gradients.k, kvHeadCount, layer.keyNorm);
  const inputGradient = isInputWanted ? compute.allocate(M * size) : -1;
  reverse("q_proj", q, inputGradient);
  reverse("k_proj", k, inputGradient, true);
  reverse("v_proj", gradients.v, inputGradient, true);
  if (isInputWanted) reverseNorm(layer.inputNorm, record.x, record.inputInverse, inputGradient);
  compute.release(mark);
}

/** Normalises queries or keys head by head, where the model does that, and rotates them. */
function prepareHeads(
  { compute, config, rope, positions }: LayerRun,
  projected: number,
  heads: number,
  norm: NormWeight | null,
): HeadRecord {
  const vectors = positions.length * heads;
  const inverse = norm ? compute.allocate(vectors) : -1;
  const rotated = norm ? compute.allocate(vectors * norm.size) : projected;
  if (norm) {
    const { at, size } = norm;
    normForward(compute, projected, at, rotated, inverse, vectors, size, config.rmsNormEps);
  }
  rope.rotate(compute, rotated, heads, positions, 1);
  return { projected, inverse, rotated };
}

/** The gradient of the projected queries or keys, given that of the rotated ones, which is used up. */
function reverseHeads(
  { compute, rope, positions, baseShift }: LayerRun,
  { projected, inverse }: HeadRecord,
  gradient: number,
  heads: number,
  norm: NormWeight | null,
): number {
  rope.rotate(compute, gradient, heads, positions, -1);
  if (!norm) return gradient;
  const { at, size } = norm;
  const vectors = positions.length * heads;
  const result = compute.zeros(vectors * size);
  const shifted = baseShift < 0 ? -1 : at + baseShift;
  normBackward(compute, projected, at, inverse, gradient, result, vectors, size, shifted);
  return result;
}
