import { RowFault } from "@/lib/dataset/row-fault";
import type { ChatMessage } from "@/lib/protocol/chat";

/** A stretch of a rendered text, in UTF-16 units. */
export interface Span {
  start: number;
  end: number;
}

/** Throws a {@link RowFault} `template_failed` when the template refuses the messages. */
export type RenderChat = (
  messages: ChatMessage[],
  options: { addGenerationPrompt: boolean },
) => string;

const CHATML_OPEN = "<|im_start|>assistant\n";
const CHATML_CLOSE = "<|im_end|>";

/**
 * The stretches of a rendered conversation that the model is to write itself: every answer, from where the generation
 * prompt ends up to and with the token that ends the turn, without the white space behind it.
 *
 * What the template puts in front of an answer without the generation prompt asking for it, such as an empty `<think>`
 * block, belongs to the answer: the model will have to write it.
 *
 * @throws RowFault `template_failed` when the turns cannot be told apart
 */
export function answerSpans(
  messages: ChatMessage[],
  rendered: string,
  render: RenderChat,
  specialTokens: readonly string[],
): Span[] {
  let reason = "it renders the start of the conversation differently from the whole";
  try {
    const spans = prefixSpans(messages, rendered, render);
    if (spans) return spans.map((span) => withoutTail(rendered, span, specialTokens));
  } catch (error) {
    if (!(error instanceof RowFault)) throw error;
    reason = String(error.params["reason"]);
  }
  const spans = specialTokens.includes(CHATML_CLOSE) ? chatMlSpans(rendered) : [];
  const answers = messages.filter((message) => message.role === "assistant").length;
  if (spans.length !== answers) throw new RowFault("template_failed", { reason });
  return spans;
}

/** Answers by rendering ever longer starts of the conversation; null when one is no prefix of the whole. */
function prefixSpans(messages: ChatMessage[], rendered: string, render: RenderChat): Span[] | null {
  const spans: Span[] = [];
  for (const [index, message] of messages.entries()) {
    if (message.role !== "assistant") continue;
    const before = render(messages.slice(0, index), { addGenerationPrompt: true });
    const isLast = index === messages.length - 1;
    const through = isLast
      ? rendered
      : render(messages.slice(0, index + 1), { addGenerationPrompt: false });
    if (!through.startsWith(before) || !rendered.startsWith(through)) return null;
    spans.push({ start: before.length, end: through.length });
  }
  return spans;
}

/** Templates such as Qwen3's change earlier turns when later ones follow, but their turns can be read off the text. */
function chatMlSpans(rendered: string): Span[] {
  const spans: Span[] = [];
  for (let at = rendered.indexOf(CHATML_OPEN); at >= 0; at = rendered.indexOf(CHATML_OPEN, at)) {
    const start = at + CHATML_OPEN.length;
    const close = rendered.indexOf(CHATML_CLOSE, start);
    if (close < 0) return [];
    at = close + CHATML_CLOSE.length;
    spans.push({ start, end: at });
  }
  return spans;
}

function withoutTail(
  rendered: string,
  { start, end }: Span,
  specialTokens: readonly string[],
): Span {
  const turn = rendered.slice(start, end).trimEnd();
  return specialTokens.some((token) => turn.endsWith(token))
    ? { start, end: start + turn.length }
    : { start, end };
}
