import type { Compute } from "./compute";
import { chooseToken, logprobOf } from "./choose-token";
import { decodeChunk, logitsOf, type KeyValueCache } from "./decode-step";
import type { Decoder } from "./decoder";
import { PREFILL_TOKENS } from "./memory-plan";
import { seededRandom } from "./random";
import type { SampledToken } from "./types";
import type { JobResults, SampleJob } from "./worker-protocol";

/** One sample in progress. Its state is its own, so other work can run between any two steps. */
export class SampleStream {
  private readonly decoder: Decoder;
  private readonly compute: Compute;
  private readonly job: SampleJob;
  private readonly random: () => number;
  private readonly cache: KeyValueCache;
  private readonly promptLogprobs: (number | null)[] = [null];
  private sampled = 0;
  private lastToken = -1;

  constructor(decoder: Decoder, compute: Compute, job: SampleJob) {
    this.decoder = decoder;
    this.compute = compute;
    this.job = job;
    this.random = seededRandom(job.request.seed);
    this.cache = { at: job.cacheAt, capacity: job.cacheCapacity, length: 0 };
  }

  /** Does a bounded amount of work: a piece of the prompt, or one new token, which is returned. */
  step(): SampledToken | null {
    const { compute, job } = this;
    const { prompt } = job.request;
    const mark = compute.mark();
    try {
      const done = this.cache.length;
      const isPrefill = done < prompt.length;
      const tokens = isPrefill ? prompt.subarray(done, done + PREFILL_TOKENS) : [this.lastToken];
      const hidden = decodeChunk(this.decoder, compute, tokens, this.cache, job.adapter);
      if (isPrefill && job.request.promptLogprobs) this.scorePrompt(hidden, done, tokens.length);
      if (this.cache.length < prompt.length) return null;
      const lastRow = hidden + (tokens.length - 1) * this.decoder.config.hiddenSize;
      const choice = chooseToken(
        logitsOf(this.decoder, compute, lastRow),
        job.request,
        this.random,
      );
      this.lastToken = choice.token;
      this.sampled += 1;
      return choice;
    } finally {
      compute.release(mark);
    }
  }

  /** Why the stream has ended, or null while it goes on. */
  finished(): JobResults["sample"] | null {
    const { maxTokens, stopTokens, promptLogprobs } = this.job.request;
    if (this.sampled === 0) return null;
    const isStopped = stopTokens.includes(this.lastToken);
    if (!isStopped && this.sampled < maxTokens) return null;
    return {
      stopReason: isStopped ? "stop" : "length",
      promptLogprobs: promptLogprobs ? this.promptLogprobs : null,
    };
  }

  private scorePrompt(hidden: number, first: number, count: number): void {
    const { prompt } = this.job.request;
    for (let m = 0; m < count && first + m + 1 < prompt.length; m++) {
      const mark = this.compute.mark();
      const logits = logitsOf(
        this.decoder,
        this.compute,
        hidden + m * this.decoder.config.hiddenSize,
      );
      this.promptLogprobs.push(logprobOf(logits, prompt[first + m + 1]!));
      this.compute.release(mark);
    }
  }
}
