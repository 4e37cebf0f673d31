import { logprobOf, topLogprobs } from "./choose-token";
import { roundUp, type Compute } from "./compute";
import { appendChunk, DECODE_ROWS, logitRow, logitsOf } from "./decode-step";
import type { Decoder } from "./decoder";
import { PREFILL_TOKENS } from "./memory-plan";
import type { Pause } from "./task-queue";
import type { JobResults, PrefillJob, ScoredChunk } from "./worker-protocol";

const PIECE_STEP = 8;
const WAIT_MS = 1;

/**
 * Fills a cache with its share of a prompt, all but the last token, and scores the tokens after each position when
 * asked. The workers of a prompt take its pieces in turn; a layer of a piece waits until that layer of the piece
 * before is stored, so that all of them are busy after the first layer.
 */
export function* prefillJob(
  decoder: Decoder,
  compute: Compute,
  { prompt, adapter, cache, pieceTokens, storedLayers, share, isScored, topCount }: PrefillJob,
): Generator<Pause, JobResults["prefill"]> {
  const mark = compute.mark();
  const stored = new Int32Array(
    compute.f32.buffer,
    storedLayers * 4,
    pieceCount(prompt, pieceTokens),
  );
  const isHiddenWanted = isScored || topCount > 0;
  const scored: ScoredChunk[] = [];
  try {
    for (let index = share.first; index < stored.length; index += share.step) {
      const first = index * pieceTokens;
      const tokens = prompt.subarray(first, Math.min(first + pieceTokens, prompt.length - 1));
      const chunk = {
        ...{ tokens, cache: { ...cache, length: first } },
        onStored: (layer: number) => {
          Atomics.store(stored, index, layer + 1);
          Atomics.notify(stored, index);
        },
        isReady: (layer: number) => index === 0 || isStored(stored, index - 1, layer),
      };
      const hidden = yield* appendChunk(decoder, compute, chunk, adapter, isHiddenWanted);
      const scores: ScoredChunk = { first, logprobs: [], top: [] };
      for (let m = 0; isHiddenWanted && m < tokens.length; m += DECODE_ROWS) {
        const count = Math.min(DECODE_ROWS, tokens.length - m);
        const inner = compute.mark();
        const at = hidden + m * decoder.config.hiddenSize;
        const logits = logitsOf(decoder, compute, at, count);
        for (let n = 0; n < count; n++) {
          const row = logitRow(decoder, compute, logits, n);
          if (isScored) scores.logprobs.push(logprobOf(row, prompt[first + m + n + 1]!));
          if (topCount > 0) scores.top.push(topLogprobs(row, topCount));
        }
        compute.release(inner);
        yield "going";
      }
      scored.push(scores);
      compute.release(mark);
    }
    return scored;
  } finally {
    compute.release(mark);
  }
}

/** Waits a moment, without holding the processor, for what another worker may be about to store. */
function isStored(stored: Int32Array, index: number, layer: number): boolean {
  const layers = Atomics.load(stored, index);
  if (layers <= layer) Atomics.wait(stored, index, layers, WAIT_MS);
  return Atomics.load(stored, index) > layer;
}

/** Tokens of the pieces in which a prompt is worked through: short prompts give every worker something to do, too. */
export function pieceLength(prompt: Int32Array, workers: number): number {
  const share = roundUp(Math.ceil((prompt.length - 1) / workers), PIECE_STEP);
  return Math.min(PREFILL_TOKENS, Math.max(PIECE_STEP, share));
}

export function pieceCount(prompt: Int32Array, pieceTokens: number): number {
  return Math.ceil((prompt.length - 1) / pieceTokens);
}
