import { countParameters, planBase, type BaseLayout, type WeightStorage } from "./base-layout";
import { roundUp, unpackedWords, type Region } from "./compute";
import { boardWords } from "./crew";
import { DECODE_ROWS } from "./decode-step";
import { headBlock } from "./language-head";
import type { ModelConfig } from "./types";

const WORD_BYTES = 4;
const PAGE_WORDS = 65536 / WORD_BYTES;
const MAX_WORDS = 65536 * PAGE_WORDS;
/** Models up to this size keep every matrix packed for both directions. */
const SMALL_MODEL_WORDS = 32 << 20;
const MIN_HEAP_WORDS = 32 << 20;
/** Shared memory is only touched where it is used, so a roomy heap costs address space, not memory. */
const HEAP_WORDS = 192 << 20;
/** Tokens worked on at once; more would not make the kernels faster. */
const BATCH_TOKENS = 256;
const MAX_PADDED_RANK = 64;
/** Prompt tokens worked on at once while sampling. */
export const PREFILL_TOKENS = 64;
/** Slack for rounding each allocation up. */
const SLACK_WORDS = 1 << 16;

export interface MemoryPlan {
  base: BaseLayout;
  /** One for each worker, for training. */
  arenas: Region[];
  /** So much of an arena is used by a large batch of short rows; the rest is for long ones, and untouched without them. */
  usualArenaWords: number;
  /** One for each worker, for sampling. */
  scratches: Region[];
  /** What the workers' `Crew` meets on. */
  board: Region;
  /** Adapters and key/value caches. */
  heap: Region;
  pages: number;
  /** Longest sequence that fits. */
  longestRow: number;
}

/** How the weights of a model that is not trained itself are kept. */
export function storageOf(
  parameterCount: number,
  isCompact = parameterCount > SMALL_MODEL_WORDS,
): WeightStorage {
  return isCompact ? "compact" : "frozen";
}

/** Words of working memory to train on rows of these lengths at once. */
function batchWords(
  config: ModelConfig,
  storage: WeightStorage,
  lengths: readonly number[],
): number {
  const {
    hiddenSize: size,
    intermediateSize,
    layerCount,
    headCount,
    kvHeadCount,
    headDim,
  } = config;
  const query = headCount * headDim;
  const keyValue = kvHeadCount * headDim;
  const tokens = lengths.reduce((sum, length) => sum + length, 0);
  const longest = Math.max(...lengths);
  const heads = config.hasHeadNorms ? query + keyValue + headCount + kvHeadCount : 0;
  const perLayer =
    2 * size + 2 * query + 2 * keyValue + heads + 2 * intermediateSize + 7 * MAX_PADDED_RANK + 2;
  const scratch = size + 2 * intermediateSize;
  const backward =
    3 * size + 2 * query + 2 * keyValue + heads + 2 * intermediateSize + MAX_PADDED_RANK;
  const head = 6 * size + 1;
  const oneHead = 2 * (longest + 8) * (roundUp(longest, 8) + headDim);
  const logits = Math.min(tokens, headBlock(config.vocabSize)) * roundUp(config.vocabSize, 8);
  const widest = Math.max(intermediateSize, query, size);
  const packed =
    storage === "trainable" ? 2 * size * Math.max(widest, roundUp(config.vocabSize, 8)) : 0;
  const packedInput = storage === "trainable" ? tokens * widest : 0;
  return (
    tokens * (perLayer * layerCount + scratch + backward + head) +
    oneHead +
    logits +
    packed +
    packedInput +
    unpacking(config, storage) +
    SLACK_WORDS
  );
}

/** What products with bfloat16 weights unpack at once. */
function unpacking(config: ModelConfig, storage: WeightStorage): number {
  const { hiddenSize, intermediateSize, headCount, headDim } = config;
  if (storage !== "compact") return 0;
  return Math.max(...[hiddenSize, intermediateSize, headCount * headDim].map(unpackedWords));
}

function scratchWords(config: ModelConfig): number {
  const { hiddenSize: size, intermediateSize, headCount, kvHeadCount, headDim } = config;
  const perToken =
    6 * size +
    2 * headCount * headDim +
    2 * kvHeadCount * headDim +
    3 * intermediateSize +
    7 * MAX_PADDED_RANK;
  const scores = roundUp(config.maxPositions, 8) + 16;
  return (
    // A step of the answers may run in the middle of a prompt.
    (PREFILL_TOKENS + DECODE_ROWS) * (perToken + scores) +
    // Logits, and the odds of one row.
    (DECODE_ROWS + 1) * roundUp(config.vocabSize, 8) +
    SLACK_WORDS
  );
}

/**
 * Divides one shared memory of at most 4 GiB among weights, workers, adapters and caches.
 *
 * @throws Error when the model is too large
 */
export function planMemory(
  config: ModelConfig,
  threads: number,
  storage: WeightStorage,
): MemoryPlan {
  const base = planBase(config, storage, PAGE_WORDS);
  const isTrainable = storage === "trainable";
  const scratch = roundUp(scratchWords(config) + unpacking(config, storage), 16);
  const room = MAX_WORDS - base.start - base.words - threads * scratch - PAGE_WORDS;
  const minHeap = isTrainable ? 5 * base.words + MIN_HEAP_WORDS : MIN_HEAP_WORDS;
  const arenaLimit = Math.floor((room - minHeap) / threads);

  const fits = (length: number) => batchWords(config, storage, [length]) <= arenaLimit;
  let longestRow = Math.min(config.maxPositions, 8192);
  while (longestRow > 32 && !fits(longestRow)) longestRow = Math.floor(longestRow / 2);
  if (!fits(longestRow)) {
    const count = (countParameters(config) / 1e6).toFixed(0);
    const megabytes = (words: number) => `${Math.round((words * WORD_BYTES) / 1e6)} MB`;
    const work = minHeap + threads * batchWords(config, storage, [longestRow]);
    throw new Error(
      `The model has ${count} M parameters, ${megabytes(base.words)} in memory; with ${threads} threads the local engine has room for ${megabytes(base.words + room - work)}.`,
    );
  }
  const usual = typicalBatchWords(config, storage);
  const wanted = Math.max(batchWords(config, storage, [longestRow]), usual);
  const arena = roundUp(Math.min(arenaLimit, wanted), 16) - 16;
  const heapWords = Math.min(Math.max(HEAP_WORDS, minHeap), room - threads * arena);

  let top = base.start + base.words;
  const take = (words: number): Region => {
    const region = { start: top, words };
    top += words;
    return region;
  };
  const arenas = Array.from({ length: threads }, () => take(arena));
  const scratches = Array.from({ length: threads }, () => take(scratch));
  const board = take(boardWords(threads));
  const heap = take(Math.floor(heapWords / 16) * 16);
  const usualArenaWords = Math.min(arena, usual);
  const pages = Math.ceil(top / PAGE_WORDS);
  return { base, arenas, usualArenaWords, scratches, board, heap, pages, longestRow };
}

/** Splits rows into batches that fit an arena. */
export function splitIntoBatches(
  config: ModelConfig,
  storage: WeightStorage,
  lengths: readonly number[],
  arenaWords: number,
): number[][] {
  const batches: number[][] = [];
  let current: number[] = [];
  let tokens = 0;
  for (const [index, length] of lengths.entries()) {
    const isTooMuch =
      tokens + length > BATCH_TOKENS ||
      batchWords(config, storage, [...current.map((row) => lengths[row]!), length]) > arenaWords;
    if (current.length > 0 && isTooMuch) {
      batches.push(current);
      current = [];
      tokens = 0;
    }
    current.push(index);
    tokens += length;
  }
  if (current.length > 0) batches.push(current);
  return batches;
}

function typicalBatchWords(config: ModelConfig, storage: WeightStorage): number {
  const length = Math.min(64, config.maxPositions);
  return batchWords(config, storage, Array<number>(Math.ceil(BATCH_TOKENS / length)).fill(length));
}
