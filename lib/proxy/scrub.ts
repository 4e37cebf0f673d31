const REPLACEMENT = new TextEncoder().encode("[token]");
const BACKSLASH = 0x5c;
const SLASH = 0x2f;
const LETTER_U = 0x75;
/** Bytes of `\u0000`. */
const ESCAPE_LENGTH = 6;

/** What a match can be: the number of bytes it spans, none, or cut off by the end of the data. */
type Span = number;
const NONE: Span = 0;
const CUT_OFF: Span = -1;

/**
 * Replaces every occurrence of `secrets` in a stream of bytes by `[token]`, plain and in JSON's escaped forms, also when
 * it is split over chunks. Holds back only bytes that may be the beginning of a secret: an event of a stream that ends
 * in a blank line leaves at once.
 *
 * @param secrets - tokens that passed `checkedToken`
 */
export function scrubStream(secrets: readonly string[]): TransformStream<Uint8Array, Uint8Array> {
  const scrubber = new Scrubber(secrets);
  return new TransformStream({
    transform(chunk, controller) {
      for (const part of scrubber.push(chunk)) controller.enqueue(part);
    },
    flush(controller) {
      for (const part of scrubber.end()) controller.enqueue(part);
    },
  });
}

class Scrubber {
  private readonly secrets: Uint8Array[];
  /** 1 at every byte that a secret can begin with. */
  private readonly begins = new Uint8Array(256);
  private held: Uint8Array = new Uint8Array(0);

  constructor(secrets: readonly string[]) {
    // Longest first: one secret may begin with another.
    this.secrets = [...secrets]
      .sort((a, b) => b.length - a.length)
      .map((secret) => new TextEncoder().encode(secret));
    for (const first of [BACKSLASH, ...this.secrets.map((secret) => secret[0] as number)])
      this.begins[first] = 1;
  }

  push(chunk: Uint8Array): Uint8Array[] {
    return this.scan(this.held.length ? Buffer.concat([this.held, chunk]) : chunk, false);
  }

  end(): Uint8Array[] {
    return this.scan(this.held, true);
  }

  private scan(data: Uint8Array, isEnd: boolean): Uint8Array[] {
    const parts: Uint8Array[] = [];
    let from = 0;
    let at = 0;
    while (at < data.length) {
      const span = this.begins[data[at] as number] ? this.spanAt(data, at, isEnd) : NONE;
      if (span === CUT_OFF) break;
      if (span === NONE) {
        at++;
        continue;
      }
      if (at > from) parts.push(data.subarray(from, at));
      parts.push(REPLACEMENT);
      at += span;
      from = at;
    }
    if (at > from) parts.push(data.subarray(from, at));
    this.held = data.slice(at);
    return parts;
  }

  private spanAt(data: Uint8Array, at: number, isEnd: boolean): Span {
    for (const secret of this.secrets) {
      const span = spanOfSecret(data, at, secret);
      if (span > 0 || (span === CUT_OFF && !isEnd)) return span;
    }
    return NONE;
  }
}

function spanOfSecret(data: Uint8Array, from: number, secret: Uint8Array): Span {
  let at = from;
  for (const byte of secret) {
    const span = spanOfByte(data, at, byte);
    if (span <= 0) return span;
    at += span;
  }
  return at - from;
}

/** One character as itself, as `\u00XX`, or a slash as `\/`. */
function spanOfByte(data: Uint8Array, at: number, byte: number): Span {
  if (at >= data.length) return CUT_OFF;
  if (data[at] !== BACKSLASH) return data[at] === byte ? 1 : NONE;
  const next = data[at + 1];
  if (next === undefined) return CUT_OFF;
  if (next === SLASH && byte === SLASH) return 2;
  if (next !== LETTER_U) return NONE;
  const wanted = byte.toString(16).padStart(4, "0");
  const given = String.fromCharCode(...data.subarray(at + 2, at + ESCAPE_LENGTH)).toLowerCase();
  if (given === wanted) return ESCAPE_LENGTH;
  return given.length < wanted.length && wanted.startsWith(given) ? CUT_OFF : NONE;
}
