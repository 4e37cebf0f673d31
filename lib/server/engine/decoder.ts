import type { AdapterView } from "./adapter-layout";
import type { SequenceSpan } from "./attention";
import type { BaseLayout } from "./base-layout";
import type { Compute } from "./compute";
import {
  allocateScratch,
  layerBackward,
  layerForward,
  type LayerRecord,
  type LayerRun,
} from "./decoder-layer";
import { unpackRow } from "./half-panels";
import { scoreTargets, type OnLogprob } from "./language-head";
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

/** A Qwen2, Qwen3 or Llama decoder over one worker's arena: forward and backward over whole sequences. */
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

    const scratch = allocateScratch(compute, config, M);
    const layerRuns = layout.layers.map((layer, index): LayerRun => ({
      ...{ compute, config, rope: this.rope, index, layer, spans: batch.spans, positions },
      ...{ adapter: run.adapter, baseShift: run.baseShift, scratch },
    }));
    let x = this.embed(batch.tokens);
    const records: LayerRecord[] = [];
    for (const layerRun of layerRuns) {
      const { out, record } = layerForward(layerRun, x);
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
    const hiddenGradient = run.hasBackward ? compute.allocate(count * size) : -1;
    yield* scoreTargets(
      compute,
      layout.head,
      hidden,
      batch.targets,
      onLogprob,
      hiddenGradient,
      run.baseShift,
    );

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
        const isInputWanted = index > 0 || run.baseShift >= 0;
        layerBackward(layerRuns[index]!, records[index]!, gradient, isInputWanted);
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
    const { f32, u32 } = compute;
    for (let m = 0; m < tokens.length; m++) {
      const token = tokens[m]!;
      if (embedding.halfPanels >= 0) {
        unpackRow(u32, embedding.halfPanels, size, token, out + m * size);
        continue;
      }
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
}

function addRow(f32: Float32Array, source: number, target: number, size: number): void {
  for (let j = 0; j < size; j++) f32[target + j]! += f32[source + j]!;
}
