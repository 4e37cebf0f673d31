import type { SampledSequence } from "../engine/types";

/** What OpenAI's clients read about the tokens of an answer. */
interface ChatLogprobs {
  content: { token: string; logprob: number; bytes: number[]; top_logprobs: [] }[];
  refusal: null;
}

interface Usage {
  prompt_tokens: number;
  completion_tokens: number;
  total_tokens: number;
}

export function usageOf(promptTokens: number, answers: readonly SampledSequence[]): Usage {
  const completionTokens = answers.reduce((sum, { tokens }) => sum + tokens.length, 0);
  return {
    prompt_tokens: promptTokens,
    completion_tokens: completionTokens,
    total_tokens: promptTokens + completionTokens,
  };
}

export function logprobsOf(
  { tokens, logprobs }: SampledSequence,
  textOf: (token: number) => string,
): ChatLogprobs {
  const content = tokens.map((id, index) => {
    const token = textOf(id);
    const bytes = [...new TextEncoder().encode(token)];
    return { token, logprob: logprobs[index] ?? 0, bytes, top_logprobs: [] as [] };
  });
  return { content, refusal: null };
}

/** A choice of an answer that is sent as a whole. */
export function finishedChoice(
  index: number,
  content: string,
  { stopReason }: SampledSequence,
  logprobs: ChatLogprobs | null,
): object {
  const message = { role: "assistant", content, refusal: null };
  return { index, message, logprobs, finish_reason: stopReason };
}

/** The chunks of an answer that is streamed; log probabilities come with an answer's last one. */
export class ChatChunks {
  private readonly head: object;
  private readonly withUsage: boolean;
  private readonly send: (chunk: object) => void;

  constructor(head: object, withUsage: boolean, send: (chunk: object) => void) {
    this.head = { ...head, object: "chat.completion.chunk" };
    this.withUsage = withUsage;
    this.send = send;
  }

  begin(index: number): void {
    this.choice({ index, delta: { role: "assistant", content: "" }, finish_reason: null });
  }

  text(index: number, content: string): void {
    this.choice({ index, delta: { content }, finish_reason: null });
  }

  end(index: number, { stopReason }: SampledSequence, logprobs: ChatLogprobs | null): void {
    this.choice({
      ...{ index, delta: {}, finish_reason: stopReason },
      ...(logprobs ? { logprobs } : {}),
    });
  }

  usage(usage: Usage): void {
    this.send({ ...this.head, choices: [], usage });
  }

  private choice(choice: object): void {
    this.send({ ...this.head, choices: [choice], ...(this.withUsage ? { usage: null } : {}) });
  }
}
