import type { TokenRow } from "@/lib/dataset/types";
import { float32Tensor, int64Tensor, modelInputOf, type WireDatum } from "@/lib/protocol/tensors";
import type { RunConfig } from "./types";

/** Twinkle takes 16,000 tokens a request and other servers 5 MB; both with room for the rest of the body. */
const MOST_TOKENS = 15_000;
const MOST_BYTES = 4_000_000;
/** Digits of a token as input and as target, its weight, and the commas. */
const BYTES_PER_TOKEN = 20;
/** Tokens of the rows of one call, unless a single row has more. */
export const CALL_LIMIT = Math.min(MOST_TOKENS, MOST_BYTES / BYTES_PER_TOKEN);

/** The last `maxLength` tokens of a row: the answer stands at its end. */
export function cutStart(row: TokenRow, maxLength: number): TokenRow {
  if (row.tokens.length <= maxLength) return row;
  return { tokens: row.tokens.slice(-maxLength), weights: row.weights.slice(-maxLength) };
}

/** Weights of the targets of a row: those of all its tokens but the first. */
export function targetWeights(row: TokenRow): Uint8Array {
  return row.weights.subarray(1);
}

/** A row as the input of `cross_entropy`: each token but the last predicts the next. */
export function toDatum(row: TokenRow): WireDatum {
  return {
    model_input: modelInputOf(row.tokens.subarray(0, -1)),
    loss_fn_inputs: {
      target_tokens: int64Tensor(row.tokens.subarray(1)),
      weights: float32Tensor(targetWeights(row)),
    },
  };
}

/**
 * The rows of a batch in as many calls as a server's limits ask for, each of whole rows and in order; a single row over the
 * limit stands alone. The gradients of the calls add up, and each call is a mean over its own tokens: where a batch is split,
 * rows in a call with few trained tokens weigh more.
 */
export function splitBatch(rows: readonly TokenRow[]): TokenRow[][] {
  const calls: TokenRow[][] = [];
  let tokens = Number.POSITIVE_INFINITY;
  for (const row of rows) {
    if (tokens + row.tokens.length > CALL_LIMIT) {
      calls.push([]);
      tokens = 0;
    }
    calls.at(-1)?.push(row);
    tokens += row.tokens.length;
  }
  return calls;
}

/** True when a batch of rows of the max length still goes as one call. */
export function fitsOneCall({
  batchSize,
  maxLength,
}: Pick<RunConfig, "batchSize" | "maxLength">): boolean {
  return batchSize * maxLength <= CALL_LIMIT;
}
