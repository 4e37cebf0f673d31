import { availableParallelism } from "node:os";

import { allMatrices, allNorms } from "./base-layout";
import { Heap } from "./heap";
import { planMemory, type MemoryPlan } from "./memory-plan";
import { checkShape } from "./model-config";
import { seededRandom } from "./random";
import type { TensorToWrite } from "./safetensors";
import { runTrainCall } from "./train-call";
import { TrainableSpan } from "./trainable-span";
import type { AdamParams, LossResult, ModelConfig, TrainRow } from "./types";
import { validateAdam, validateRows } from "./validate";
import { WorkerPool } from "./worker-pool";

const EMBEDDING_SPREAD = 0.04;
/** Matrices that write into the residual stream start smaller, so that depth does not blow it up. */
const RESIDUAL_SPREAD = 0.3;
const INNER_SPREAD = 0.7;

/** Trains every parameter of a new model from random weights: how the built-in model is made. */
export class BaseTrainer {
  readonly config: ModelConfig;
  private readonly plan: MemoryPlan;
  private readonly f32: Float32Array;
  private readonly pool: WorkerPool;
  private readonly span: TrainableSpan;
  private readonly shifts: number[];

  constructor(
    config: ModelConfig,
    { seed, threads = availableParallelism() }: { seed: number; threads?: number },
  ) {
    checkShape(config);
    this.config = config;
    this.plan = planMemory(config, threads, "trainable");
    const memory = new WebAssembly.Memory({
      initial: this.plan.pages,
      maximum: 65536,
      shared: true,
    });
    this.f32 = new Float32Array(memory.buffer);
    const { base, arenas, scratches, board, heap } = this.plan;
    this.pool = new WorkerPool(
      arenas.map((arena, index) => ({
        ...{
          memory,
          config,
          storage: "trainable" as const,
          base,
          arena,
          scratch: scratches[index]!,
          board,
          index,
        },
        allowFma: true,
        drafts: false,
      })),
    );
    this.span = new TrainableSpan(this.pool, new Heap(heap), this.f32, base.start, base.words);
    this.shifts = this.span.prepare().gradients.map((gradients) => gradients - base.start);
    this.randomise(seed);
  }

  /** Weighted mean cross entropy; gradients accumulate until {@link optimStep}. */
  async forwardBackward(rows: readonly TrainRow[]): Promise<LossResult> {
    validateRows(rows, "cross_entropy", {}, this.config, this.plan.longestRow);
    const target = (index: number) => ({ adapter: null, baseShift: this.shifts[index]! });
    const call = {
      rows,
      loss: "cross_entropy",
      lossConfig: {},
      hasBackward: true,
      target,
    } as const;
    const result = await runTrainCall(this.pool, call);
    this.span.markAccumulated();
    return result;
  }

  async optimStep(params: AdamParams): Promise<{ gradNorm: number }> {
    validateAdam(params);
    return this.span.optimStep(params);
  }

  /** Copies of all weights under their Hugging Face names. */
  exportWeights(): TensorToWrite[] {
    const copy = (at: number, words: number) => new Float32Array(this.f32.subarray(at, at + words));
    const matrices = allMatrices(this.plan.base).flatMap(
      ({ name, outputs, inputs, rows, bias }): TensorToWrite[] => [
        { name: `${name}.weight`, shape: [outputs, inputs], data: copy(rows, outputs * inputs) },
        ...(bias >= 0
          ? [{ name: `${name}.bias`, shape: [outputs], data: copy(bias, outputs) }]
          : []),
      ],
    );
    const norms = allNorms(this.plan.base).map(({ name, at, size }): TensorToWrite => ({
      name: `${name}.weight`,
      shape: [size],
      data: copy(at, size),
    }));
    return [...matrices, ...norms];
  }

  async close(): Promise<void> {
    await this.pool.close();
  }

  private randomise(seed: number): void {
    const random = seededRandom(seed);
    const gaussian = () =>
      Math.sqrt(-2 * Math.log(random() + 1e-12)) * Math.cos(2 * Math.PI * random());
    for (const matrix of allMatrices(this.plan.base)) {
      const { name, outputs, inputs, rows } = matrix;
      const isResidual = name.endsWith("o_proj") || name.endsWith("down_proj");
      const spread = (isResidual ? RESIDUAL_SPREAD : INNER_SPREAD) / Math.sqrt(inputs);
      const scale = matrix === this.plan.base.embedding ? EMBEDDING_SPREAD : spread;
      for (let i = 0; i < outputs * inputs; i++) this.f32[rows + i] = gaussian() * scale;
    }
    for (const { at, size } of allNorms(this.plan.base)) this.f32.fill(1, at, at + size);
  }
}
