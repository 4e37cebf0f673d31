import { readFileSync } from "node:fs";
import { join } from "node:path";

import { Adapter } from "./adapter";
import { planAdapter, type AdapterView } from "./adapter-layout";
import { countParameters } from "./base-layout";
import { peakWords } from "./compute";
import { Heap } from "./heap";
import { defaultThreads } from "./memory-needs";
import { planMemory, storageOf, type MemoryPlan } from "./memory-plan";
import { parseModelConfig } from "./model-config";
import { runSampleCall } from "./sample-call";
import { runTrainCall } from "./train-call";
import type { SpanWords } from "./trainable-span";
import type {
  AdamParams,
  AdapterOptions,
  AdapterTensors,
  LossConfig,
  LossName,
  LossResult,
  ModelConfig,
  OptimizerTensors,
  SampleOptions,
  SampleRequest,
  SampleResult,
  TrainRow,
} from "./types";
import { validateAdam, validateRank, validateRows, validateSample } from "./validate";
import { WorkerPool } from "./worker-pool";

export interface EngineOptions {
  /** Worker threads; by default one for each processor, at most 8. */
  threads?: number;
  /** The worker's entry file, when it is not beside this one. */
  workerUrl?: URL;
  /** False to leave out fused multiply-add where the processor has it, for tests. */
  allowFma?: boolean;
  /** Weights in bfloat16, 2 bytes each instead of 8, rounded if need be. By default for models above 32 M parameters. */
  isCompact?: boolean;
  /**
   * Whether answers are computed several tokens at a time where they repeat something, which changes nothing in them. By
   * default for models whose weights have to be read from memory for every step, however many rows it has.
   */
  drafts?: boolean;
}

/**
 * One base model in memory with any number of LoRA adapters on it. Calls may overlap: training calls of one adapter
 * run one after the other, samples run in between. All numeric work happens on worker threads.
 */
export class Engine {
  readonly config: ModelConfig;
  readonly parameterCount: number;
  private readonly plan: MemoryPlan;
  private readonly f32: Float32Array;
  private readonly heap: Heap;
  private readonly pool: WorkerPool;
  private readonly adapters = new Map<string, Adapter>();

  private constructor(config: ModelConfig, options: EngineOptions) {
    const threads = options.threads ?? defaultThreads();
    this.config = config;
    this.parameterCount = countParameters(config);
    const storage = storageOf(this.parameterCount, options.isCompact);
    const plan = planMemory(config, threads, storage);
    const memory = new WebAssembly.Memory({ initial: plan.pages, maximum: 65536, shared: true });
    this.plan = plan;
    this.f32 = new Float32Array(memory.buffer);
    this.heap = new Heap(plan.heap);
    const setups = plan.arenas.map((arena, index) => ({
      ...{ memory, config, storage, base: plan.base, arena, scratch: plan.scratches[index]! },
      ...{ board: plan.board, index },
      allowFma: options.allowFma ?? true,
      drafts: options.drafts ?? storage === "compact",
    }));
    this.pool = new WorkerPool(setups, options.workerUrl);
  }

  /**
   * Opens a Hugging Face model directory (`config.json` and `model.safetensors` or its shards).
   *
   * @throws Error when the architecture is not supported, a file is missing or malformed, or memory does not suffice
   */
  static async open(modelDir: string, options: EngineOptions = {}): Promise<Engine> {
    const engine = new Engine(
      parseModelConfig(readFileSync(join(modelDir, "config.json"), "utf8")),
      options,
    );
    try {
      await engine.pool.run<"load">(0, { kind: "load", directory: modelDir }).result;
    } catch (error) {
      await engine.close();
      throw error;
    }
    return engine;
  }

  /** Adds an adapter that does not change the model yet. The same seed gives the same weights. */
  async createAdapter(id: string, { rank, alpha, seed }: AdapterOptions): Promise<void> {
    if (this.adapters.has(id)) throw new Error(`There is already an adapter "${id}".`);
    validateRank(rank);
    if (!Number.isFinite(alpha) || alpha <= 0) throw new Error("alpha must be more than 0.");
    const adapter = new Adapter(
      this.pool,
      this.heap,
      this.f32,
      planAdapter(this.config, rank, alpha),
      alpha,
    );
    this.adapters.set(id, adapter);
    try {
      await adapter.train(async () => {
        const job = { kind: "initAdapter", adapter: adapter.view(), seed } as const;
        await this.pool.run<"initAdapter">(0, job).result;
        await adapter.pack();
      });
    } catch (error) {
      this.dropAdapter(id);
      throw error;
    }
  }

  /** Forgets an adapter; its memory is free again when running calls that use it have ended. */
  dropAdapter(id: string): void {
    const adapter = this.adapter(id);
    this.adapters.delete(id);
    adapter.drop();
  }

  /** Loss and log probabilities, without gradients. */
  async forward(
    id: string | null,
    rows: readonly TrainRow[],
    loss: LossName,
    lossConfig: LossConfig = {},
  ): Promise<LossResult> {
    validateRows(rows, loss, lossConfig, this.config, this.plan.longestRow);
    const call = { rows, loss, lossConfig, hasBackward: false };
    if (id === null) {
      return runTrainCall(this.pool, { ...call, target: () => ({ adapter: null, baseShift: -1 }) });
    }
    const adapter = this.adapter(id);
    return adapter.train(() =>
      runTrainCall(this.pool, {
        ...call,
        target: () => ({ adapter: adapter.view(), baseShift: -1 }),
      }),
    );
  }

  /** Like {@link forward}, and adds the loss's gradients to those that the adapter has accumulated. */
  async forwardBackward(
    id: string,
    rows: readonly TrainRow[],
    loss: LossName,
    lossConfig: LossConfig = {},
  ): Promise<LossResult> {
    validateRows(rows, loss, lossConfig, this.config, this.plan.longestRow);
    const adapter = this.adapter(id);
    return adapter.train(async () => {
      adapter.span.prepare();
      const target = (index: number) => ({ adapter: adapter.view(index), baseShift: -1 });
      const result = await runTrainCall(this.pool, {
        rows,
        loss,
        lossConfig,
        hasBackward: true,
        target,
      });
      adapter.span.markAccumulated();
      return result;
    });
  }

  /**
   * One AdamW step with the accumulated gradients, which are cleared; resolves with their norm before clipping.
   *
   * @throws Error when no gradients are accumulated
   */
  async optimStep(id: string, params: AdamParams): Promise<{ gradNorm: number }> {
    validateAdam(params);
    const adapter = this.adapter(id);
    return adapter.train(async () => {
      const result = await adapter.span.optimStep(params);
      await adapter.pack();
      return result;
    });
  }

  /** Copies of the adapter's weights and Adam moments. Not while a training call of the adapter is running. */
  exportAdapter(id: string): { weights: AdapterTensors; optimizer: OptimizerTensors } {
    return this.adapter(id).exportTensors();
  }

  /**
   * Replaces the adapter's weights, and its moments (reset when null); gradients are dropped.
   * Not while a training call of the adapter is running.
   *
   * @throws Error when the rank or a tensor's size differs; the adapter is unchanged then
   */
  importAdapter(id: string, weights: AdapterTensors, optimizer: OptimizerTensors | null): void {
    this.adapter(id).importTensors(weights, optimizer);
  }

  /** Forgets an adapter but hands out all of it, accumulated gradients too. Not while a training call of it is running. */
  takeOutAdapter(id: string): SpanWords {
    const words = this.adapter(id).copyOut();
    this.dropAdapter(id);
    return words;
  }

  /** Adds the adapter as it was when it was taken out; rank and alpha must be the same. */
  async putBackAdapter(id: string, options: AdapterOptions, words: SpanWords): Promise<void> {
    await this.createAdapter(id, options);
    try {
      this.adapter(id).copyIn(words);
    } catch (error) {
      this.dropAdapter(id);
      throw error;
    }
  }

  /**
   * Samples answers to one prompt. Aborting rejects with the signal's reason.
   * An answer is cut where the model's positions end, with stop reason `length`.
   */
  async sample(request: SampleRequest, options: SampleOptions): Promise<SampleResult> {
    validateSample(request, this.config);
    options.signal.throwIfAborted();
    const { pool, heap, f32, config } = this;
    const run = (view: AdapterView | null) =>
      runSampleCall({ pool, heap, f32, config }, request, view, options);
    if (request.adapter === null) return run(null);
    const adapter = this.adapter(request.adapter);
    return adapter.use(() => run(adapter.view()));
  }

  /** Bytes of weights, adapters and caches in use, and of working memory that has been touched so far. */
  memoryBytes(): number {
    const { base, arenas, scratches } = this.plan;
    const bits = new Uint32Array(this.f32.buffer);
    const touched = [...arenas, ...scratches].map((region) => peakWords(bits, region));
    return 4 * touched.reduce((sum, words) => sum + words, base.words + this.heap.usedWords());
  }

  /** Stops the workers; running calls are rejected. */
  async close(): Promise<void> {
    await this.pool.close();
  }

  private adapter(id: string): Adapter {
    const adapter = this.adapters.get(id);
    if (!adapter) throw new Error(`There is no adapter "${id}".`);
    return adapter;
  }
}
