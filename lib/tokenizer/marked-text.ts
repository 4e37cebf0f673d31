import type { Codec } from "./codec";
import type { Span } from "./chat-spans";

export interface MarkedTokens {
  ids: number[];
  /** Of the length of `ids`: 1 inside of a span. */
  weights: (0 | 1)[];
}

/**
 * Encodes a text of which some spans are trained. No token lies on both sides of a span's start or end: the model will be given
 * exactly what stands before a span, encoded by itself.
 */
export function encodeMarked(text: string, spans: readonly Span[], codec: Codec): MarkedTokens {
  return codec.isByteLevel ? encodeInPieces(text, spans, codec) : encodeWhole(text, spans, codec);
}

function encodeInPieces(text: string, spans: readonly Span[], codec: Codec): MarkedTokens {
  const marked: MarkedTokens = { ids: [], weights: [] };
  const add = (piece: string, weight: 0 | 1) => {
    for (const id of codec.encode(piece)) {
      marked.ids.push(id);
      marked.weights.push(weight);
    }
  };
  let at = 0;
  for (const { start, end } of spans) {
    add(text.slice(at, start), 0);
    add(text.slice(start, end), 1);
    at = end;
  }
  add(text.slice(at), 0);
  return marked;
}

/** For tokenizers that begin every text in a special way: a piece alone would be encoded differently. */
function encodeWhole(text: string, spans: readonly Span[], codec: Codec): MarkedTokens {
  const ids = codec.encode(text);
  const weights = ids.map((): 0 | 1 => 0);
  for (const { start, end } of spans) {
    const from = sharedLength(ids, codec.encode(text.slice(0, start)));
    weights.fill(1, from, sharedLength(ids, codec.encode(text.slice(0, end))));
  }
  return { ids, weights };
}

function sharedLength(a: readonly number[], b: readonly number[]): number {
  const differing = b.findIndex((id, index) => a[index] !== id);
  return differing < 0 ? Math.min(a.length, b.length) : differing;
}
