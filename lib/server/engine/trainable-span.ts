import type { Heap } from "./heap";
import type { AdamParams } from "./types";
import type { WorkerPool } from "./worker-pool";

interface OptimizerState {
  /** One span for each worker. */
  gradients: number[];
  firstMoment: number;
  secondMoment: number;
}

/** Every word of a span as it lies in memory; worth something to an engine with as many workers only. */
export interface SpanWords {
  step: number;
  parameters: Float32Array;
  /** The moments, then each worker's gradients where some are accumulated; null when training has not begun. */
  state: Float32Array[] | null;
}

/** A run of trainable words with its gradients and Adam moments, which take memory only once training begins. */
export class TrainableSpan {
  readonly parameters: number;
  readonly words: number;
  /** Finished optimizer steps. */
  step = 0;
  private readonly pool: WorkerPool;
  private readonly heap: Heap;
  private readonly f32: Float32Array;
  private state: OptimizerState | null = null;
  private isAccumulated = false;

  constructor(pool: WorkerPool, heap: Heap, f32: Float32Array, parameters: number, words: number) {
    this.pool = pool;
    this.heap = heap;
    this.f32 = f32;
    this.parameters = parameters;
    this.words = words;
  }

  /** The optimizer state, allocated and zeroed when there is none yet. */
  prepare(): OptimizerState {
    if (this.state) return this.state;
    const taken: number[] = [];
    try {
      for (let index = 0; index < this.pool.size + 2; index++)
        taken.push(this.heap.allocate(this.words));
    } catch (error) {
      for (const at of taken) this.heap.release(at);
      throw error;
    }
    for (const at of taken) this.f32.fill(0, at, at + this.words);
    const [firstMoment = -1, secondMoment = -1, ...gradients] = taken;
    this.state = { gradients, firstMoment, secondMoment };
    return this.state;
  }

  moments(): { firstMoment: number; secondMoment: number } | null {
    return this.state;
  }

  markAccumulated(): void {
    this.isAccumulated = true;
  }

  /** Drops gradients that have not been applied. */
  clearGradients(): void {
    this.isAccumulated = false;
    for (const at of this.state?.gradients ?? []) this.f32.fill(0, at, at + this.words);
  }

  /**
   * Applies the accumulated gradients and clears them; resolves with their global norm before clipping.
   *
   * @throws Error when there are none, or when they are not finite
   */
  async optimStep(params: AdamParams): Promise<{ gradNorm: number }> {
    if (!this.isAccumulated) {
      throw new Error(
        "There are no accumulated gradients; call forward_backward before optim_step.",
      );
    }
    const { gradients, firstMoment, secondMoment } = this.prepare();
    const bounds = (index: number) => ({
      from: Math.floor((this.words * index) / this.pool.size),
      to: Math.floor((this.words * (index + 1)) / this.pool.size),
    });
    const parts = await this.pool.runOnAll<"reduce">((index) => ({
      kind: "reduce",
      gradients,
      ...bounds(index),
    }));
    const gradNorm = Math.sqrt(parts.reduce((sum, { sumOfSquares }) => sum + sumOfSquares, 0));
    if (!Number.isFinite(gradNorm)) {
      this.clearGradients();
      throw new Error(
        "The gradients are not finite; lower the learning rate or check the advantages.",
      );
    }
    const { gradClipNorm, ...adam } = params;
    const gradientScale = gradClipNorm > 0 && gradNorm > gradClipNorm ? gradClipNorm / gradNorm : 1;
    this.step += 1;
    const { step, parameters } = this;
    const spans = { parameters, gradients: gradients[0]!, firstMoment, secondMoment };
    await this.pool.runOnAll<"adam">((index) => ({
      kind: "adam",
      ...spans,
      ...bounds(index),
      step,
      gradientScale,
      ...adam,
    }));
    this.isAccumulated = false;
    return { gradNorm };
  }

  copyOut(): SpanWords {
    const copy = (at: number) => this.f32.slice(at, at + this.words);
    const spans = ({ firstMoment, secondMoment, gradients }: OptimizerState) => [
      firstMoment,
      secondMoment,
      ...(this.isAccumulated ? gradients : []),
    ];
    return {
      step: this.step,
      parameters: copy(this.parameters),
      state: this.state && spans(this.state).map(copy),
    };
  }

  /** Makes the span what it was when it was copied. */
  copyIn({ step, parameters, state }: SpanWords): void {
    this.release();
    this.step = step;
    this.f32.set(parameters, this.parameters);
    if (!state) return;
    const { firstMoment, secondMoment, gradients } = this.prepare();
    const spans = [firstMoment, secondMoment, ...gradients];
    for (const [index, words] of state.entries()) this.f32.set(words, spans[index]);
    this.isAccumulated = state.length > 2;
  }

  /** Frees gradients and moments; the parameters belong to the caller. */
  release(): void {
    if (!this.state) return;
    const { gradients, firstMoment, secondMoment } = this.state;
    for (const at of [firstMoment, secondMoment, ...gradients]) this.heap.release(at);
    this.state = null;
    this.isAccumulated = false;
  }
}
