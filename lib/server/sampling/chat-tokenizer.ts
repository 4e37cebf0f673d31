import { existsSync, readFileSync } from "node:fs";
import path from "node:path";

import { Template } from "@huggingface/jinja";
import { Tokenizer } from "@huggingface/tokenizers";
import { z } from "zod";

import { refusal } from "../http/errors";

const specialTokenSchema = z.union([z.string(), z.looseObject({ content: z.string() })]).nullish();
const configSchema = z.looseObject({
  chat_template: z.string().nullish(),
  bos_token: specialTokenSchema,
  eos_token: specialTokenSchema,
  pad_token: specialTokenSchema,
  unk_token: specialTokenSchema,
});

/** Tokenizer and chat template of a model folder. */
export class ChatTokenizer {
  /** The id of `eos_token`. */
  readonly endToken: number | null;
  private readonly tokenizer: Tokenizer;
  private readonly template: Template | null;
  private readonly specialTokens: Record<string, string>;

  private constructor(
    tokenizer: Tokenizer,
    template: Template | null,
    specialTokens: Record<string, string>,
  ) {
    this.tokenizer = tokenizer;
    this.template = template;
    this.specialTokens = specialTokens;
    const end = specialTokens["eos_token"];
    this.endToken = end === undefined ? null : (tokenizer.token_to_id(end) ?? null);
  }

  /** @throws Error when a file is missing or not understood */
  static open(directory: string): ChatTokenizer {
    const read = (file: string) =>
      JSON.parse(readFileSync(path.join(directory, file), "utf8")) as object;
    const config = configSchema.parse(read("tokenizer_config.json"));
    const templateFile = path.join(directory, "chat_template.jinja");
    const template = existsSync(templateFile)
      ? readFileSync(templateFile, "utf8")
      : config.chat_template;
    const specialTokens = Object.entries({
      bos_token: config.bos_token,
      eos_token: config.eos_token,
      pad_token: config.pad_token,
      unk_token: config.unk_token,
    }).flatMap(([name, token]) =>
      token ? [[name, typeof token === "string" ? token : token.content] as const] : [],
    );
    return new ChatTokenizer(
      new Tokenizer(read("tokenizer.json"), config),
      template ? new Template(template) : null,
      Object.fromEntries(specialTokens),
    );
  }

  /**
   * The prompt for the next answer of the assistant.
   *
   * @throws WireError 400 when the model has no template or the template refuses the messages
   */
  encodeChat(messages: readonly { role: string; content: string }[]): number[] {
    if (!this.template)
      throw refusal(400, "This model has no chat template; send token ids to asample instead.");
    let text: string;
    try {
      text = this.template.render({ messages, add_generation_prompt: true, ...this.specialTokens });
    } catch (error) {
      throw refusal(
        400,
        `The chat template does not accept these messages: ${(error as Error).message}`,
      );
    }
    return this.tokenizer.encode(text, { add_special_tokens: false }).ids;
  }

  /** The text of ids without special tokens; bytes that form no character become U+FFFD. */
  decode(ids: number[]): string {
    if (ids.length === 0) return "";
    return this.tokenizer.decode(ids, {
      skip_special_tokens: true,
      clean_up_tokenization_spaces: false,
    });
  }
}
