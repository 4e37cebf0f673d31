import { availableParallelism } from "node:os";

import { planAdapter } from "./adapter-layout";
import { countParameters } from "./base-layout";
import { planMemory, storageOf } from "./memory-plan";
import type { ModelConfig } from "./types";

const MAX_THREADS = 8;
const WORD_BYTES = Float32Array.BYTES_PER_ELEMENT;

/** How many workers an engine has when nobody says otherwise. */
export function defaultThreads(): number {
  return Math.min(MAX_THREADS, availableParallelism());
}

/**
 * Bytes that an engine takes for a model while it trains on rows of ordinary length, adapters and caches left out.
 *
 * @throws Error when the model is too large for any engine
 */
export function modelBytes(
  config: ModelConfig,
  { threads = defaultThreads(), isCompact }: { threads?: number; isCompact?: boolean },
): number {
  const storage = storageOf(countParameters(config), isCompact);
  const { base, usualArenaWords, scratches } = planMemory(config, threads, storage);
  const words = scratches.reduce(
    (sum, scratch) => sum + usualArenaWords + scratch.words,
    base.words,
  );
  return WORD_BYTES * words;
}

/** Bytes of an adapter: parameters and panels, and once it is trained two moments and each worker's gradients. */
export function adapterBytes(
  config: ModelConfig,
  rank: number,
  threads = defaultThreads(),
): { untrained: number; trained: number } {
  const bytes = WORD_BYTES * planAdapter(config, rank, 1).words;
  return { untrained: 2 * bytes, trained: (4 + threads) * bytes };
}
