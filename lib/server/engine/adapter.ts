import { allPairs, type AdapterLayout, type AdapterView } from "./adapter-layout";
import type { Heap } from "./heap";
import { TrainableSpan, type SpanWords } from "./trainable-span";
import type { AdapterTensors, OptimizerTensors } from "./types";
import type { WorkerPool } from "./worker-pool";

/** One adapter's memory. Freed when it has been dropped and nothing uses it any more. */
export class Adapter {
  readonly layout: AdapterLayout;
  readonly alpha: number;
  readonly span: TrainableSpan;
  private readonly heap: Heap;
  private readonly pool: WorkerPool;
  private readonly f32: Float32Array;
  private readonly panels: number;
  private packing: Promise<unknown> | null = null;
  private tail: Promise<unknown> = Promise.resolve();
  private users = 0;
  private training = 0;
  private isDropped = false;

  constructor(
    pool: WorkerPool,
    heap: Heap,
    f32: Float32Array,
    layout: AdapterLayout,
    alpha: number,
  ) {
    this.pool = pool;
    this.heap = heap;
    this.f32 = f32;
    this.layout = layout;
    this.alpha = alpha;
    const parameters = heap.allocate(layout.words);
    try {
      this.panels = heap.allocate(layout.words);
    } catch (error) {
      heap.release(parameters);
      throw error;
    }
    this.span = new TrainableSpan(pool, heap, f32, parameters, layout.words);
  }

  /** As worker `index` sees it; its gradients are only there when training has been prepared. */
  view(index = -1): AdapterView {
    const gradients = index < 0 ? -1 : this.span.prepare().gradients[index]!;
    return {
      layout: this.layout,
      parameters: this.span.parameters,
      panels: this.panels,
      gradients,
    };
  }

  /** Runs work that reads the adapter, with its panels up to date; the memory stays until the work ends. */
  async use<T>(work: () => Promise<T>): Promise<T> {
    this.users += 1;
    try {
      await this.packing;
      return await work();
    } finally {
      this.users -= 1;
      this.freeWhenUnused();
    }
  }

  /** Like {@link use}, but one after the other. */
  train<T>(work: () => Promise<T>): Promise<T> {
    this.training += 1;
    const run = this.tail
      .then(() => this.use(work))
      .finally(() => {
        this.training -= 1;
        this.freeWhenUnused();
      });
    this.tail = run.catch(() => undefined);
    return run;
  }

  /** Brings the forward panels up to date with the parameters. */
  pack(): Promise<unknown> {
    const packing = this.pool.run<"packAdapter">(0, {
      kind: "packAdapter",
      adapter: this.view(),
    }).result;
    // A failure must reach whoever uses the adapter next, not end the process before that.
    packing.catch(() => undefined);
    this.packing = packing;
    return packing;
  }

  drop(): void {
    this.isDropped = true;
    this.freeWhenUnused();
  }

  exportTensors(): { weights: AdapterTensors; optimizer: OptimizerTensors } {
    this.expectIdle("exported");
    const { rank } = this.layout;
    const tensors: AdapterTensors["tensors"] = new Map();
    const optimizer: OptimizerTensors = {
      step: this.span.step,
      firstMoment: new Map(),
      secondMoment: new Map(),
    };
    const moments = this.span.moments();
    for (const { name, shape, at, rowWords } of this.slots()) {
      const read = (start: number) => this.readRows(start + at, shape, rowWords);
      tensors.set(name, { shape, data: read(this.span.parameters) });
      const zeros = () => new Float32Array(shape[0] * shape[1]);
      optimizer.firstMoment.set(name, moments ? read(moments.firstMoment) : zeros());
      optimizer.secondMoment.set(name, moments ? read(moments.secondMoment) : zeros());
    }
    return { weights: { rank, alpha: this.alpha, tensors }, optimizer };
  }

  /** @throws Error naming the first tensor that is missing or has another size; nothing is changed then */
  importTensors(weights: AdapterTensors, optimizer: OptimizerTensors | null): void {
    this.expectIdle("replaced");
    const { rank } = this.layout;
    if (weights.rank !== rank)
      throw new Error(`The weights have rank ${weights.rank}; the adapter has rank ${rank}.`);
    const slots = this.slots();
    const find = (source: (name: string) => Float32Array | undefined, what: string) =>
      slots.map(({ name, shape }) => {
        const values = source(name);
        if (!values) throw new Error(`The ${what} lack "${name}".`);
        if (values.length !== shape[0] * shape[1])
          throw new Error(`"${name}" has the wrong size in the ${what}.`);
        return values;
      });
    const parameters = find((name) => weights.tensors.get(name)?.data, "weights");
    const first = optimizer
      ? find((name) => optimizer.firstMoment.get(name), "optimizer state")
      : null;
    const second = optimizer
      ? find((name) => optimizer.secondMoment.get(name), "optimizer state")
      : null;

    this.span.release();
    this.span.step = optimizer?.step ?? 0;
    const write = (start: number, values: readonly Float32Array[]) =>
      slots.forEach(({ shape, at, rowWords }, index) =>
        this.writeRows(start + at, shape, rowWords, values[index]!),
      );
    this.f32.fill(0, this.span.parameters, this.span.parameters + this.layout.words);
    write(this.span.parameters, parameters);
    if (first && second) {
      const state = this.span.prepare();
      write(state.firstMoment, first);
      write(state.secondMoment, second);
    }
    void this.pack().catch(() => undefined);
  }

  copyOut(): SpanWords {
    this.expectIdle("taken out");
    return this.span.copyOut();
  }

  copyIn(words: SpanWords): void {
    this.expectIdle("put back");
    this.span.copyIn(words);
    void this.pack().catch(() => undefined);
  }

  private slots() {
    const { rank, paddedRank } = this.layout;
    return allPairs(this.layout).flatMap(({ path, inputs, outputs, a, b }) => [
      {
        name: `${path}.lora_A.weight`,
        shape: [rank, inputs] as [number, number],
        at: a,
        rowWords: inputs,
      },
      {
        name: `${path}.lora_B.weight`,
        shape: [outputs, rank] as [number, number],
        at: b,
        rowWords: paddedRank,
      },
    ]);
  }

  private readRows(at: number, [rows, columns]: [number, number], rowWords: number): Float32Array {
    const out = new Float32Array(rows * columns);
    for (let row = 0; row < rows; row++) {
      const start = at + row * rowWords;
      out.set(this.f32.subarray(start, start + columns), row * columns);
    }
    return out;
  }

  private writeRows(
    at: number,
    [rows, columns]: [number, number],
    rowWords: number,
    values: Float32Array,
  ): void {
    for (let row = 0; row < rows; row++) {
      this.f32.set(values.subarray(row * columns, (row + 1) * columns), at + row * rowWords);
    }
  }

  private expectIdle(what: string): void {
    if (this.training > 0)
      throw new Error(`The adapter is being trained and cannot be ${what} now.`);
  }

  private freeWhenUnused(): void {
    if (!this.isDropped || this.users > 0 || this.training > 0) return;
    this.isDropped = false;
    this.span.release();
    this.heap.release(this.span.parameters);
    this.heap.release(this.panels);
  }
}
