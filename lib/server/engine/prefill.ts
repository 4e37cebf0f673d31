import { logprobOf, topLogprobs } from "./choose-token";
import type { Compute } from "./compute";
import { appendChunk, DECODE_ROWS, logitRow, logitsOf } from "./decode-step";
import type { Decoder } from "./decoder";
import { PREFILL_TOKENS } from "./memory-plan";
import type { JobResults, PrefillJob } from "./worker-protocol";

/** Fills a cache with a prompt, all but its last token, and scores the tokens after each position when asked. */
export function* prefillJob(
  decoder: Decoder,
  compute: Compute,
  { prompt, adapter, cache, isScored, topCount }: PrefillJob,
): Generator<void, JobResults["prefill"]> {
  const mark = compute.mark();
  const { hiddenSize } = decoder.config;
  const logprobs: number[] = [];
  const top: [number, number][][] = [];
  const last = prompt.length - 1;
  const isHiddenWanted = isScored || topCount > 0;
  try {
    while (cache.length < last) {
      const first = cache.length;
      const chunk = prompt.subarray(first, Math.min(first + PREFILL_TOKENS, last));
      const hidden = yield* appendChunk(decoder, compute, chunk, cache, adapter, isHiddenWanted);
      for (let m = 0; isHiddenWanted && m < chunk.length; m += DECODE_ROWS) {
        const scored = compute.mark();
        const count = Math.min(DECODE_ROWS, chunk.length - m);
        const logits = logitsOf(decoder, compute, hidden + m * hiddenSize, count);
        for (let n = 0; n < count; n++) {
          const row = logitRow(decoder, compute, logits, n);
          if (isScored) logprobs.push(logprobOf(row, prompt[first + m + n + 1]!));
          if (topCount > 0) top.push(topLogprobs(row, topCount));
        }
        compute.release(scored);
        yield;
      }
      compute.release(mark);
    }
    return { logprobs, top };
  } finally {
    compute.release(mark);
  }
}
