import { StudioError } from "@/lib/base/errors";
import { RowFault } from "@/lib/dataset/row-fault";
import type { ChatMessage } from "@/lib/protocol/chat";
import { templateError } from "./dataset-refusals";
import type { ModelTokenizer } from "./model-tokenizer";

/** A prompt as the model sees it. */
export interface EncodedPrompt {
  text: string;
  ids: number[];
  /** Strings at which the model's turn or text ends. */
  stop: string[];
}

/**
 * A conversation, rendered by the model's chat template up to where its answer begins.
 *
 * @throws StudioError `template_invalid` with the template's own words
 */
export function encodeChat(
  tokenizer: ModelTokenizer,
  baseModel: string,
  messages: readonly ChatMessage[],
): EncodedPrompt {
  try {
    const text = tokenizer.renderChat([...messages], { addGenerationPrompt: true });
    return { text, ids: tokenizer.encodeRendered(text), stop: tokenizer.stopStrings() };
  } catch (error) {
    if (!(error instanceof RowFault)) throw error;
    const reason = String(error.params["reason"]);
    const refusal = new StudioError("template_invalid", `The chat template failed: ${reason}`, {
      details: { model: baseModel, reason },
    });
    throw templateError(baseModel, tokenizer) ?? refusal;
  }
}

export function encodeText(tokenizer: ModelTokenizer, text: string): EncodedPrompt {
  return { text, ids: tokenizer.encodeText(text), stop: tokenizer.stopStrings() };
}
