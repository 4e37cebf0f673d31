import type { AdapterView } from "./adapter-layout";
import { attentionBackward, attentionForward, type SequenceSpan } from "./attention";
import type { BaseLayout, LayerWeights, LinearName } from "./base-layout";
import type { Compute } from "./compute";
import { scoreTargets, type OnLogprob } from "./language-head";
import { linearBackward, linearForward, loraOperand, type LinearRecord } from "./linear";
import { normBackward, normForward } from "./norm";
import { RopeTable } from "./rope";
import type { ModelConfig } from "./types";

/** Several sequences laid end to end. */
export interface DecoderBatch {
  tokens: Int32Array;
  spans: SequenceSpan[];
  /** Rows whose next token is scored, and that token. */
  scoredRows: Int32Array;
  targets: Int32Array;
}

export interface DecoderRun {
  adapter: AdapterView | null;
  /** Words from a trainable weight to its gradient; -1 when the base is frozen. */
  baseShift: number;
  hasBackward: boolean;
}

interface LayerRecord {
  x: number;
  inputInverse: number;
  q: number;
  k: number;
  v: number;
  probabilities: number[];
  afterAttention: number;
  postInverse: number;
  gate: number;
  up: number;
  sigmoid: number;
  linears: Record<LinearName, LinearRecord>;
}

/** A Qwen2/Llama decoder over one worker's arena: forward and backward over whole sequences. */
export class Decoder {
  readonly compute: Compute;
  readonly config: ModelConfig;
  readonly layout: BaseLayout;
  readonly rope: RopeTable;

  constructor(compute: Compute, config: ModelConfig, layout: BaseLayout) {
    this.compute = compute;
    this.config = config;
    this.layout = layout;
    this.rope = new RopeTable(config.headDim, config.ropeTheta);
  }

  /**
   * Scores the batch and, when asked, adds gradients. Yields after every layer so that the worker can serve samples
   * in between; the arena must not be used by anybody else until it is done.
   */
  *run(batch: DecoderBatch, run: DecoderRun, onLogprob: OnLogprob): Generator<void, void> {
    const { compute, config, layout } = this;
    const M = batch.tokens.length;
    const size = config.hiddenSize;
    const start = compute.mark();
    const positions = new Int32Array(M);
    for (const { first, length } of batch.spans)
      for (let t = 0; t < length; t++) positions[first + t] = t;

    let x = this.embed(batch.tokens);
    const records: LayerRecord[] = [];
    for (const [index, layer] of layout.layers.entries()) {
      const { out, record } = this.layerForward(
        index,
        layer,
        x,
        batch.spans,
        positions,
        run.adapter,
      );
      records.push(record);
      x = out;
      yield;
    }
    const scored = compute.allocate(batch.scoredRows.length * size);
    batch.scoredRows.forEach((row, n) =>
      compute.f32.copyWithin(scored + n * size, x + row * size, x + (row + 1) * size),
    );
    const count = batch.scoredRows.length;
    const hidden = compute.allocate(count * size);
    const inverse = compute.allocate(count);
    normForward(
      compute,
      scored,
      layout.finalNorm.at,
      hidden,
      inverse,
      count,
      size,
      config.rmsNormEps,
    );
    const hiddenGradient = run.hasBackward ? compute.zeros(count * size) : -1;
    scoreTargets(
      compute,
      layout.head,
      hidden,
      batch.targets,
      onLogprob,
      hiddenGradient,
      run.baseShift,
    );
    yield;

    if (run.hasBackward && count > 0) {
      const scoredGradient = compute.zeros(count * size);
      const normGradient = run.baseShift < 0 ? -1 : layout.finalNorm.at + run.baseShift;
      normBackward(
        compute,
        scored,
        layout.finalNorm.at,
        inverse,
        hiddenGradient,
        scoredGradient,
        count,
        size,
        normGradient,
      );
      const gradient = compute.zeros(M * size);
      batch.scoredRows.forEach((row, n) =>
        addRow(compute.f32, scoredGradient + n * size, gradient + row * size, size),
      );
      for (let index = records.length - 1; index >= 0; index--) {
        this.layerBackward(
          index,
          layout.layers[index]!,
          records[index]!,
          gradient,
          batch.spans,
          positions,
          run,
        );
        yield;
      }
      if (run.baseShift >= 0 && layout.embedding.rows >= 0) {
        const table = layout.embedding.rows + run.baseShift;
        batch.tokens.forEach((token, m) =>
          addRow(compute.f32, gradient + m * size, table + token * size, size),
        );
      }
    }
    compute.release(start);
  }

  /** The embeddings of some tokens as freshly allocated rows. */
  embed(tokens: ArrayLike<number>, compute: Compute = this.compute): number {
    const { embedding } = this.layout;
    const size = embedding.inputs;
    const out = compute.allocate(tokens.length * size);
    const { f32 } = compute;
    for (let m = 0; m < tokens.length; m++) {
      const token = tokens[m]!;
      if (embedding.rows >= 0) {
        const row = embedding.rows + token * size;
        f32.copyWithin(out + m * size, row, row + size);
        continue;
      }
      const panel = embedding.forwardPanels + (token - (token % 8)) * size + (token % 8);
      for (let j = 0; j < size; j++) f32[out + m * size + j] = f32[panel + 8 * j]!;
    }
    return out;
  }

  private layerForward(
    index: number,
    layer: LayerWeights,
    x: number,
    spans: readonly SequenceSpan[],
    positions: Int32Array,
    adapter: AdapterView | null,
  ): { out: number; record: LayerRecord } {
    const { compute, config } = this;
    const {
      hiddenSize: size,
      headCount,
      kvHeadCount,
      headDim,
      intermediateSize,
      rmsNormEps,
    } = config;
    const M = positions.length;
    const linears = {} as Record<LinearName, LinearRecord>;
    const apply = (name: LinearName, input: number) => {
      const lora = adapter ? loraOperand(adapter, index, name) : null;
      const { output, record } = linearForward(compute, layer.linears[name], input, M, lora);
      linears[name] = record;
      return output;
    };

    const normed = compute.allocate(M * size);
    const inputInverse = compute.allocate(M);
    normForward(compute, x, layer.inputNorm.at, normed, inputInverse, M, size, rmsNormEps);
    const q = apply("q_proj", normed);
    const k = apply("k_proj", normed);
    const v = apply("v_proj", normed);
    this.rope.rotate(compute, q, headCount, positions, 1);
    this.rope.rotate(compute, k, kvHeadCount, positions, 1);
    const attended = compute.allocate(M * headCount * headDim);
    const probabilities = attentionForward(compute, config, spans, { q, k, v }, attended);
    const afterAttention = apply("o_proj", attended);
    compute.add(afterAttention, afterAttention, x, M * size);

    const postNormed = compute.allocate(M * size);
    const postInverse = compute.allocate(M);
    normForward(
      compute,
      afterAttention,
      layer.postNorm.at,
      postNormed,
      postInverse,
      M,
      size,
      rmsNormEps,
    );
    const gate = apply("gate_proj", postNormed);
    const up = apply("up_proj", postNormed);
    const sigmoid = compute.allocate(M * intermediateSize);
    const product = compute.allocate(M * intermediateSize);
    compute.kernels.siluMultiply(gate * 4, up * 4, sigmoid * 4, product * 4, M * intermediateSize);
    const out = apply("down_proj", product);
    compute.add(out, out, afterAttention, M * size);
    const record = {
      x,
      inputInverse,
      q,
      k,
      v,
      probabilities,
      afterAttention,
      postInverse,
      gate,
      up,
      sigmoid,
      linears,
    };
    return { out, record };
  }

  /** Turns `gradient` from the gradient of the layer's output into that of its input. */
  private layerBackward(
    index: number,
    layer: LayerWeights,
    record: LayerRecord,
    gradient: number,
    spans: readonly SequenceSpan[],
    positions: Int32Array,
    { adapter, baseShift }: DecoderRun,
  ): void {
    const { compute, config } = this;
    const { hiddenSize: size, headCount, kvHeadCount, headDim, intermediateSize } = config;
    const M = positions.length;
    const mark = compute.mark();
    const shifted = (at: number) => (baseShift < 0 ? -1 : at + baseShift);
    const reverse = (name: LinearName, outputGradient: number, inputGradient: number) => {
      const lora = adapter ? loraOperand(adapter, index, name) : null;
      const matrix = layer.linears[name];
      linearBackward(
        compute,
        matrix,
        outputGradient,
        M,
        record.linears[name],
        inputGradient,
        lora,
        baseShift,
      );
    };

    const upGradient = compute.zeros(M * intermediateSize);
    reverse("down_proj", gradient, upGradient);
    const gateGradient = compute.allocate(M * intermediateSize);
    const operands = [record.gate, record.up, record.sigmoid, upGradient, gateGradient].map(
      (at) => at * 4,
    );
    compute.kernels.siluBackward(...operands, M * intermediateSize);
    const postGradient = compute.zeros(M * size);
    reverse("gate_proj", gateGradient, postGradient);
    reverse("up_proj", upGradient, postGradient);
    const { afterAttention, postInverse } = record;
    normBackward(
      compute,
      afterAttention,
      layer.postNorm.at,
      postInverse,
      postGradient,
      gradient,
      M,
      size,
      shifted(layer.postNorm.at),
    );

    const attendedGradient = compute.zeros(M * headCount * headDim);
    reverse("o_proj", gradient, attendedGradient);
    const q = compute.zeros(M * headCount * headDim);
    const k = compute.zeros(M * kvHeadCount * headDim);
    const v = compute.zeros(M * kvHeadCount * headDim);
    attentionBackward(compute, config, spans, record, record.probabilities, attendedGradient, {
      q,
      k,
      v,
    });
    this.rope.rotate(compute, q, headCount, positions, -1);
    this.rope.rotate(compute, k, kvHeadCount, positions, -1);
    const inputGradient = compute.zeros(M * size);
    reverse("q_proj", q, inputGradient);
    reverse("k_proj", k, inputGradient);
    reverse("v_proj", v, inputGradient);
    const { x, inputInverse } = record;
    normBackward(
      compute,
      x,
      layer.inputNorm.at,
      inputInverse,
      inputGradient,
      gradient,
      M,
      size,
      shifted(layer.inputNorm.at),
    );
    compute.release(mark);
  }
}

function addRow(f32: Float32Array, source: number, target: number, size: number): void {
  for (let j = 0; j < size; j++) f32[target + j]! += f32[source + j]!;
}
