import type { AdapterView } from "./adapter-layout";
import { roundUp } from "./compute";
import type { Heap } from "./heap";
import { cacheWords, type KeyValueCache } from "./key-value-cache";
import type {
  ModelConfig,
  SampledSequence,
  SampleOptions,
  SampleRequest,
  SampleResult,
} from "./types";
import type { RunningJob, WorkerPool } from "./worker-pool";
import type { SampleJob } from "./worker-protocol";

/** What answers are computed on. */
interface SampleMeans {
  pool: WorkerPool;
  heap: Heap;
  config: ModelConfig;
}

/** Works through the prompt once, then draws every answer from there; the workers share the answers. */
export async function runSampleCall(
  { pool, heap, config }: SampleMeans,
  request: SampleRequest,
  adapter: AdapterView | null,
  options: SampleOptions,
): Promise<SampleResult> {
  const { signal } = options;
  signal.throwIfAborted();
  const prompt = request.prompt.slice();
  const { count = 1, temperature, topP, topK, stopTokens } = request;
  const maxTokens = Math.min(request.maxTokens, config.maxPositions - prompt.length);
  const rules = { temperature, topP, topK, maxTokens, stopTokens: [...stopTokens] };
  const running: RunningJob<"prefill" | "sample">[] = [];
  const cancelAll = () => running.forEach(({ cancel }) => cancel());
  const caches: KeyValueCache[] = [];
  const newCache = (positions: number): KeyValueCache => {
    const capacity = roundUp(positions, 8);
    const cache = { at: heap.allocate(cacheWords(config, capacity)), capacity, length: 0 };
    caches.push(cache);
    return cache;
  };
  signal.addEventListener("abort", cancelAll);
  try {
    const empty = newCache(prompt.length - 1);
    const tails = Array.from({ length: count }, () => newCache(maxTokens));
    const prefill = pool.run<"prefill">(pool.idlest(), {
      ...{ kind: "prefill", prompt, adapter, cache: empty },
      isScored: request.promptLogprobs ?? false,
      topCount: request.topPromptLogprobs ?? 0,
    });
    running.push(prefill);
    const { logprobs, top } = await prefill.result;
    signal.throwIfAborted();

    const prefix = { ...empty, length: prompt.length - 1 };
    const answers = tails.map((tail, index) => {
      const seed = streamSeed(request.seed, index);
      const token = prompt[prompt.length - 1]!;
      const job: SampleJob = { kind: "sample", rules, seed, token, prefix, tail, adapter };
      return runAnswer(pool, job, index, options, (answer) => running.push(answer));
    });
    const sequences = await Promise.all(answers);
    signal.throwIfAborted();
    return {
      sequences,
      ...(request.promptLogprobs ? { promptLogprobs: [null, ...logprobs] } : {}),
      ...(request.topPromptLogprobs ? { topPromptLogprobs: [null, ...top] } : {}),
    };
  } catch (error) {
    cancelAll();
    throw error;
  } finally {
    signal.removeEventListener("abort", cancelAll);
    // The workers use the caches until they have answered.
    await Promise.allSettled(running.map(({ result }) => result));
    for (const { at } of caches) heap.release(at);
  }
}

async function runAnswer(
  pool: WorkerPool,
  job: SampleJob,
  index: number,
  { signal, onToken, onEnd }: SampleOptions,
  onStart: (running: RunningJob<"sample">) => void,
): Promise<SampledSequence> {
  const tokens: number[] = [];
  const logprobs: number[] = [];
  let isStopped = false;
  const running = pool.run<"sample">(pool.idlest(), job, (newTokens, newLogprobs) => {
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
  onStart(running);
  const { stopReason } = await running.result;
  const sequence: SampledSequence = {
    ...{ tokens, logprobs },
    stopReason: isStopped || stopReason === "stop" ? "stop" : "length",
  };
  if (!signal.aborted) onEnd?.(index, sequence);
  return sequence;
}

/** Each answer's own stream of random numbers, from the request's seed and the answer's index. */
function streamSeed(seed: number, index: number): number {
  return (seed + Math.imul(index, 0x9e3779b9)) | 0;
}
