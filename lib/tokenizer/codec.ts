import { PreTrainedTokenizer } from "@huggingface/transformers";
import { RowFault } from "@/lib/dataset/row-fault";
import type { RenderChat } from "./chat-spans";
import { parseJsonFile } from "./json-file";
import { templateFault, type TemplateFault } from "./template-fault";

/** The contents of a model's files; a file that the model does not have is null. */
export interface TokenizerFiles {
  tokenizerJson: string;
  tokenizerConfig: string | null;
  /** `chat_template.jinja`: goes before a template in the configuration. */
  chatTemplate: string | null;
  generationConfig: string | null;
}

/** Text to ids and back, as the model's own files say. */
export interface Codec {
  /** Special tokens in the text become their ids; none are added. */
  encode(text: string): number[];
  decode(ids: readonly number[], options: { skipSpecialTokens: boolean }): string;
  /** One token as text; bytes of a cut character show as U+FFFD. */
  tokenText(id: number): string;
  render: RenderChat;
  readonly hasChatTemplate: boolean;
  /** Null as well when there is no template. */
  readonly templateFault: TemplateFault | null;
  /** What the tokenizer puts in front of every text by itself. */
  readonly startIds: readonly number[];
  /** Ends a text; null when the model has none. */
  readonly endId: number | null;
  readonly specialTokens: readonly string[];
  isSpecial(id: number): boolean;
  /** True when texts can be encoded in pieces wherever they are cut, at the most with other ids around the cut. */
  readonly isByteLevel: boolean;
  /** Tokens at which the model's generation configuration stops. */
  readonly stopTokens: readonly string[];
}

const PROBE = "a";

/** Throws whatever the files make the parsers throw. */
export function createCodec(files: TokenizerFiles): Codec {
  const json = parseJsonFile(files.tokenizerJson);
  const config = parseConfig(files);
  const tokenizer = new PreTrainedTokenizer(json, config);
  const special = new Set(tokenizer.all_special_ids);
  const tokenOf = new Map(Array.from(tokenizer.get_vocab(), ([token, id]) => [id, token]));
  const isByteLevel = JSON.stringify(json["decoder"] ?? null).includes('"ByteLevel"');

  const encode = (text: string, add_special_tokens = false) =>
    text === "" ? [] : tokenizer.encode(text, { add_special_tokens });
  const decode: Codec["decode"] = (ids, { skipSpecialTokens }) => {
    const known = ids.filter((id) => tokenOf.has(id));
    if (known.length === 0) return "";
    // Cleaning up would take spaces out of the text that the tokens stand for.
    const options = { skip_special_tokens: skipSpecialTokens, clean_up_tokenization_spaces: false };
    return tokenizer.decode(known, options);
  };

  return {
    encode,
    decode,
    tokenText: (id) =>
      isByteLevel
        ? decode([id], { skipSpecialTokens: false })
        : sentencePieceText(tokenOf.get(id) ?? ""),
    render: (messages, { addGenerationPrompt }) => {
      try {
        return tokenizer.apply_chat_template<false>(messages, {
          tokenize: false,
          add_generation_prompt: addGenerationPrompt,
        });
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        throw new RowFault("template_failed", { reason });
      }
    },
    hasChatTemplate: tokenizer.chat_template !== null,
    templateFault: faultIn(tokenizer),
    startIds: startIds(encode(PROBE), encode(PROBE, true)),
    endId: tokenizer.eos_token_id ?? generationEnds(files)[0] ?? null,
    specialTokens: tokenizer.all_special_tokens,
    isSpecial: (id) => special.has(id),
    isByteLevel,
    stopTokens: [tokenizer.eos_token_id, ...generationEnds(files)].flatMap(
      (id) => tokenOf.get(id) ?? [],
    ),
  };
}

/** Of several named templates, none may be the default one. */
function faultIn(tokenizer: PreTrainedTokenizer): TemplateFault | null {
  if (tokenizer.chat_template === null) return null;
  try {
    return templateFault(tokenizer.get_chat_template(), (chat_template, messages, variables) =>
      tokenizer.apply_chat_template<false>(messages, {
        ...{ chat_template, tokenize: false, add_generation_prompt: true },
        ...variables,
      }),
    );
  } catch (error) {
    return { reason: error instanceof Error ? error.message : String(error), line: null };
  }
}

function parseConfig({ tokenizerConfig, chatTemplate }: TokenizerFiles): Record<string, unknown> {
  const config = parseJsonFile(tokenizerConfig);
  return chatTemplate === null ? config : { ...config, chat_template: chatTemplate };
}

function generationEnds({ generationConfig }: TokenizerFiles): number[] {
  const ends: unknown = parseJsonFile(generationConfig)["eos_token_id"];
  return [ends].flat().filter((id) => typeof id === "number");
}

/** Ids before the plain ones in an encoding with special tokens. */
function startIds(plain: number[], withSpecial: number[]): number[] {
  const at = withSpecial.findIndex((_, index) =>
    plain.every((id, k) => withSpecial[index + k] === id),
  );
  return withSpecial.slice(0, Math.max(0, at));
}

function sentencePieceText(token: string): string {
  return /^<0x[0-9A-F]{2}>$/.test(token) ? "\uFFFD" : token.replaceAll("▁", " ");
}
