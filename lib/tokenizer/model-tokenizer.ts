import { StudioError } from "@/lib/base/errors";
import { RowFault } from "@/lib/dataset/row-fault";
import type { Sample, TokenRow } from "@/lib/dataset/types";
import type { ChatMessage } from "@/lib/protocol/chat";
import { answerSpans, type RenderChat } from "./chat-spans";
import { createCodec, type Codec, type TokenizerFiles } from "./codec";
import { encodeMarked, type MarkedTokens } from "./marked-text";
import type { TemplateFault } from "./template-fault";

interface TokenPiece {
  id: number;
  text: string;
  weight: 0 | 1;
  isSpecial: boolean;
}

export interface ModelTokenizer {
  readonly hasChatTemplate: boolean;
  /** Why no conversation can be rendered, found when it was loaded; texts and completions need no template. */
  readonly templateFault: TemplateFault | null;
  /** Ids of a text, after the start token if the model has one. */
  encodeText(text: string): number[];
  /** Ids of a rendered conversation: the template has written all special tokens. */
  encodeRendered(text: string): number[];
  /** The text without special tokens; ids that the model does not have are passed over. */
  decode(ids: readonly number[]): string;
  /** @throws RowFault `template_failed` with the template's own words */
  renderChat: RenderChat;
  /**
   * A sample as model input. Of a conversation every answer is trained with the token that ends it; of a completion what
   * follows the prompt, and the model's end token unless the completion ends in an empty line; of a text all but its first token.
   *
   * @throws RowFault `special_token_in_text`, `template_failed` or `nothing_trained`
   */
  tokenizeSample(sample: Sample): TokenRow;
  pieces(row: TokenRow): TokenPiece[];
  /** Strings at which the model's turn or text ends, at most four: no server takes more. */
  stopStrings(): string[];
}

const MAX_STOPS = 4;
const PROBE_ANSWER = "An answer.";
const PROBE: ChatMessage[] = [
  { role: "user", content: "A question?" },
  { role: "assistant", content: PROBE_ANSWER },
];

/**
 * The tokenizer that a model's files describe.
 *
 * @throws StudioError `tokenizer_unavailable` when the files cannot be read as one
 */
export function loadTokenizer(files: TokenizerFiles): ModelTokenizer {
  const codec = codecOf(files);
  const special = specialPattern(codec.specialTokens);

  function tokenize(sample: Sample): MarkedTokens {
    for (const text of textsOf(sample)) {
      const token = special?.exec(text)?.[0];
      if (token !== undefined) throw new RowFault("special_token_in_text", { token });
    }
    switch (sample.kind) {
      case "chat": {
        const rendered = codec.render(sample.messages, { addGenerationPrompt: false });
        const spans = answerSpans(sample.messages, rendered, codec.render, codec.specialTokens);
        return encodeMarked(rendered, spans, codec);
      }
      case "completion": {
        const text = sample.prompt + sample.completion;
        const span = { start: sample.prompt.length, end: text.length };
        const marked = startedText(encodeMarked(text, [span], codec), codec);
        return sample.completion.endsWith("\n\n") ? marked : ended(marked, codec);
      }
      case "text": {
        const span = { start: 0, end: sample.text.length };
        return ended(startedText(encodeMarked(sample.text, [span], codec), codec), codec);
      }
    }
  }

  return {
    hasChatTemplate: codec.hasChatTemplate,
    templateFault: codec.templateFault,
    encodeText: (text) => [...codec.startIds, ...codec.encode(text)],
    encodeRendered: (text) => codec.encode(text),
    decode: (ids) => codec.decode(ids, { skipSpecialTokens: true }),
    renderChat: codec.render,
    tokenizeSample(sample) {
      const { ids, weights } = tokenize(sample);
      // Nothing stands before the first token that it could be predicted from.
      if (weights.length > 0) weights[0] = 0;
      if (!weights.includes(1)) throw new RowFault("nothing_trained");
      return { tokens: Int32Array.from(ids), weights: Uint8Array.from(weights) };
    },
    pieces: ({ tokens, weights }) =>
      Array.from(tokens, (id, at) => ({
        id,
        text: codec.tokenText(id),
        weight: weights[at] ? 1 : 0,
        isSpecial: codec.isSpecial(id),
      })),
    stopStrings: () =>
      [...new Set([...turnEnd(codec, special), ...codec.stopTokens])].slice(0, MAX_STOPS),
  };
}

function codecOf(files: TokenizerFiles): Codec {
  try {
    return createCodec(files);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new StudioError("tokenizer_unavailable", `The tokenizer cannot be used: ${reason}`, {
      cause,
      details: { cause: "unusable", reason },
    });
  }
}

function textsOf(sample: Sample): string[] {
  switch (sample.kind) {
    case "chat":
      return sample.messages.map((message) => message.content);
    case "completion":
      return [sample.prompt, sample.completion];
    case "text":
      return [sample.text];
  }
}

function startedText({ ids, weights }: MarkedTokens, { startIds }: Codec): MarkedTokens {
  return { ids: [...startIds, ...ids], weights: [...startIds.map((): 0 => 0), ...weights] };
}

function ended({ ids, weights }: MarkedTokens, { endId }: Codec): MarkedTokens {
  return endId === null ? { ids, weights } : { ids: [...ids, endId], weights: [...weights, 1] };
}

/** The first special token that the template writes behind an answer. */
function turnEnd(codec: Codec, special: RegExp | null): string[] {
  if (!codec.hasChatTemplate) return [];
  try {
    const rendered = codec.render(PROBE, { addGenerationPrompt: false });
    const [, tail] = rendered.split(PROBE_ANSWER);
    return special?.exec(tail ?? "")?.slice(0, 1) ?? [];
  } catch (error) {
    if (error instanceof RowFault) return [];
    throw error;
  }
}

/** Finds a special token that somebody typed: it would be taken for the real one and could forge a turn. */
function specialPattern(tokens: readonly string[]): RegExp | null {
  if (tokens.length === 0) return null;
  const longestFirst = [...tokens].sort((a, b) => b.length - a.length);
  return new RegExp(
    longestFirst.map((token) => token.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&")).join("|"),
  );
}
