import type { AdapterView } from "./adapter-layout";
import { roundUp } from "./compute";
import type { Heap } from "./heap";
import { cacheWords, type KeyValueCache } from "./key-value-cache";
import { pieceCount, pieceLength } from "./prefill";
import type {
  ModelConfig,
  SampledSequence,
  SampleOptions,
  SampleRequest,
  SampleResult,
} from "./types";
import type { RunningJob, TokensListener, WorkerPool } from "./worker-pool";
import type { JobOf, PrefillJob, SampleJob, ScoredChunk } from "./worker-protocol";

/** What answers are computed on. */
interface SampleMeans {
  pool: WorkerPool;
  heap: Heap;
  f32: Float32Array;
  config: ModelConfig;
}

/** Works through the prompt once, then draws every answer from there; the workers share both. */
export async function runSampleCall(
  means: SampleMeans,
  request: SampleRequest,
  adapter: AdapterView | null,
  options: SampleOptions,
): Promise<SampleResult> {
  const { signal } = options;
  signal.throwIfAborted();
  const call = new SampleCall(means);
  signal.addEventListener("abort", call.cancel);
  try {
    const prompt = request.prompt.slice();
    const { count = 1, temperature, topP, topK, stopTokens } = request;
    const maxTokens = Math.min(request.maxTokens, means.config.maxPositions - prompt.length);
    const rules = { temperature, topP, topK, maxTokens, stopTokens: [...stopTokens] };
    const tails = Array.from({ length: count }, () => call.newCache(maxTokens));
    const { prefix, scored } = await call.prefill(prompt, adapter, {
      isScored: request.promptLogprobs ?? false,
      topCount: request.topPromptLogprobs ?? 0,
    });
    signal.throwIfAborted();
    const answers = tails.map((tail, index) => {
      const seed = streamSeed(request.seed, index);
      const job: SampleJob = { kind: "sample", rules, seed, prompt, prefix, tail, adapter };
      return call.answer(job, index, options);
    });
    const sequences = await Promise.all(answers);
    signal.throwIfAborted();
    const logprobs = scored.flatMap((chunk) => chunk.logprobs);
    const top = scored.flatMap((chunk) => chunk.top);
    return {
      sequences,
      ...(request.promptLogprobs ? { promptLogprobs: [null, ...logprobs] } : {}),
      ...(request.topPromptLogprobs ? { topPromptLogprobs: [null, ...top] } : {}),
    };
  } finally {
    signal.removeEventListener("abort", call.cancel);
    await call.end();
  }
}

/** The jobs and the memory of one call. */
class SampleCall {
  private readonly means: SampleMeans;
  private readonly running: RunningJob<"prefill" | "sample">[] = [];
  private readonly allocated: number[] = [];
  private unfinished = 0;

  constructor(means: SampleMeans) {
    this.means = means;
  }

  newCache(positions: number): KeyValueCache {
    const capacity = roundUp(positions, 8);
    return { at: this.allocate(cacheWords(this.means.config, capacity)), capacity, length: 0 };
  }

  async prefill(
    prompt: Int32Array,
    adapter: AdapterView | null,
    wanted: Pick<PrefillJob, "isScored" | "topCount">,
  ): Promise<{ prefix: KeyValueCache; scored: ScoredChunk[] }> {
    const { pool, f32 } = this.means;
    const length = prompt.length - 1;
    const cache = this.newCache(length);
    const pieceTokens = pieceLength(prompt, pool.size);
    const pieces = pieceCount(prompt, pieceTokens);
    const storedLayers = this.allocate(pieces);
    f32.fill(0, storedLayers, storedLayers + pieces);
    const step = Math.min(pieces, pool.size);
    // With one piece any worker will do; with more, all that get one take it at once.
    const workerOf = (first: number) => (step === 1 ? pool.idlest() : first);
    const parts = Array.from({ length: step }, (_, first) =>
      this.run<"prefill">(workerOf(first), {
        ...{ kind: "prefill", prompt, cache, adapter, pieceTokens, storedLayers },
        ...{ share: { first, step }, ...wanted },
      }),
    );
    const scored = (await Promise.all(parts.map(({ result }) => result))).flat();
    scored.sort((a, b) => a.first - b.first);
    return { prefix: { ...cache, length }, scored };
  }

  async answer(
    job: SampleJob,
    index: number,
    { signal, onToken, onEnd }: SampleOptions,
  ): Promise<SampledSequence> {
    const tokens: number[] = [];
    const logprobs: number[] = [];
    let isStopped = false;
    const running = this.run<"sample">(this.means.pool.idlest(), job, (newTokens, newLogprobs) => {
      for (const [position, token] of newTokens.entries()) {
        if (isStopped || signal.aborted) return;
        const logprob = newLogprobs[position]!;
        tokens.push(token);
        logprobs.push(logprob);
        if (onToken?.(index, { token, logprob }) !== "stop") continue;
        isStopped = true;
        running.cancel();
      }
    });
    const { stopReason } = await running.result;
    const sequence: SampledSequence = {
      ...{ tokens, logprobs },
      stopReason: isStopped || stopReason === "stop" ? "stop" : "length",
    };
    if (!signal.aborted) onEnd?.(index, sequence);
    return sequence;
  }

  /** Gives up every job that still runs; their results come all the same. */
  readonly cancel = (): void => {
    for (const { cancel } of this.running) cancel();
  };

  /** Frees the memory as soon as no worker uses it. */
  async end(): Promise<void> {
    if (this.unfinished > 0) this.cancel();
    await Promise.allSettled(this.running.map(({ result }) => result));
    for (const at of this.allocated) this.means.heap.release(at);
  }

  private run<Kind extends "prefill" | "sample">(
    worker: number,
    job: JobOf<Kind>,
    onTokens?: TokensListener,
  ): RunningJob<Kind> {
    const running = this.means.pool.run<Kind>(worker, job, onTokens);
    this.running.push(running);
    this.unfinished += 1;
    const onEnd = () => (this.unfinished -= 1);
    running.result.then(onEnd, onEnd);
    return running;
  }

  private allocate(words: number): number {
    const at = this.means.heap.allocate(words);
    this.allocated.push(at);
    return at;
  }
}

/** Each answer's own stream of random numbers, from the request's seed and the answer's index. */
function streamSeed(seed: number, index: number): number {
  return (seed + Math.imul(index, 0x9e3779b9)) | 0;
}
