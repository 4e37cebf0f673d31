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
  scratch: LayerScratch;
}

/** What every layer computes anew in both directions, because it would take more memory than time. */
export interface LayerScratch {
  /** [M, hiddenSize]: the normalised input of the attention, then of the feed-forward part. */
  normed: number;
  /** [M, intermediateSize] each. */
  sigmoid: number;
  product: number;
}

export function allocateScratch(compute: Compute, config: ModelConfig, M: number): LayerScratch {
  return {
    normed: compute.allocate(M * config.hiddenSize),
    sigmoid: compute.allocate(M * config.intermediateSize),
    product: compute.allocate(M * config.intermediateSize),
  };
}

/** What the backward direction needs from the forward direction. */
export interface LayerRecord {
  x: number;
  inputInverse: number;
  query: HeadRecord;
  key: HeadRecord;
  v: number;
  afterAttention: number;
  postInverse: number;
  gate: number;
  up: number;
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
  const { hiddenSize: size, headCount, kvHeadCount, headDim } = config;
  const { normed, product } = run.scratch;
  const M = run.positions.length;
  const linears = {} as Record<LinearName, LinearRecord>;
  const apply = (name: LinearName, input: number) => {
    const lora = run.adapter ? loraOperand(run.adapter, run.index, name) : null;
    const { output, record } = linearForward(compute, layer.linears[name], input, M, lora);
    linears[name] = record;
    return output;
  };
  const inputInverse = compute.allocate(M);
  normalise(run, x, layer.inputNorm, inputInverse);
  const query = prepareHeads(run, apply("q_proj", normed), headCount, layer.queryNorm);
  const key = prepareHeads(run, apply("k_proj", normed), kvHeadCount, layer.keyNorm);
  const v = apply("v_proj", normed);
  const attended = compute.allocate(M * headCount * headDim);
  attentionForward(compute, config, spans, { q: query.rotated, k: key.rotated, v }, attended);
  const afterAttention = apply("o_proj", attended);
  compute.add(afterAttention, afterAttention, x, M * size);

  const postInverse = compute.allocate(M);
  normalise(run, afterAttention, layer.postNorm, postInverse);
  const gate = apply("gate_proj", normed);
  const up = apply("up_proj", normed);
  gateProduct(run, gate, up);
  const out = apply("down_proj", product);
  compute.add(out, out, afterAttention, M * size);
  const record = {
    ...{ x, inputInverse, query, key, v },
    ...{ afterAttention, postInverse, gate, up, linears },
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

  const { gate, up, afterAttention, postInverse } = record;
  gateProduct(run, gate, up);
  const upGradient = compute.allocate(M * intermediateSize);
  reverse("down_proj", gradient, upGradient);
  const gateGradient = compute.allocate(M * intermediateSize);
  const operands = [gate, up, run.scratch.sigmoid, upGradient, gateGradient];
  compute.kernels.siluBackward(...operands.map((at) => at * 4), M * intermediateSize);
  normalise(run, afterAttention, layer.postNorm, postInverse);
  const postGradient = compute.allocate(M * size);
  reverse("gate_proj", gateGradient, postGradient);
  reverse("up_proj", upGradient, postGradient, true);
  reverseNorm(layer.postNorm, afterAttention, postInverse, postGradient);

  const attendedGradient = compute.allocate(M * headCount * headDim);
  reverse("o_proj", gradient, attendedGradient);
  const { query, key, v } = record;
  const gradients = {
    q: compute.allocate(M * headCount * headDim),
    k: compute.zeros(M * kvHeadCount * headDim),
    v: compute.zeros(M * kvHeadCount * headDim),
  };
  const forward = { q: query.rotated, k: key.rotated, v };
  attentionBackward(compute, config, run.spans, forward, attendedGradient, gradients);
  const q = reverseHeads(run, query, gradients.q, headCount, layer.queryNorm);
  const k = reverseHeads(run, key, gradients.k, kvHeadCount, layer.keyNorm);
  normalise(run, record.x, layer.inputNorm, record.inputInverse);
  const inputGradient = isInputWanted ? compute.allocate(M * size) : -1;
  reverse("q_proj", q, inputGradient);
  reverse("k_proj", k, inputGradient, true);
  reverse("v_proj", gradients.v, inputGradient, true);
  if (isInputWanted) reverseNorm(layer.inputNorm, record.x, record.inputInverse, inputGradient);
  compute.release(mark);
}

function normalise(
  { compute, config, positions, scratch }: LayerRun,
  x: number,
  { at, size }: NormWeight,
  inverse: number,
): void {
  const M = positions.length;
  normForward(compute, x, at, scratch.normed, inverse, M, size, config.rmsNormEps);
}

function gateProduct({ compute, config, positions, scratch }: LayerRun, gate: number, up: number) {
  const operands = [gate, up, scratch.sigmoid, scratch.product].map((at) => at * 4);
  compute.kernels.siluMultiply(...operands, positions.length * config.intermediateSize);
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
