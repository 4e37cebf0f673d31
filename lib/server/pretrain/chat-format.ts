/** Token ids of the built-in model: one for each byte, then these. */
export const SPECIAL_TOKENS = {
  "<|end|>": 256,
  "<|system|>": 257,
  "<|user|>": 258,
  "<|assistant|>": 259,
  "<|pad|>": 260,
  "<|reserved_0|>": 261,
  "<|reserved_1|>": 262,
  "<|reserved_2|>": 263,
} as const;

export const VOCAB_SIZE = 264;
export const END_TOKEN = SPECIAL_TOKENS["<|end|>"];

export interface Message {
  role: "system" | "user" | "assistant";
  content: string;
}

/** The Jinja template that says what {@link encodeChat} does. */
export const CHAT_TEMPLATE =
  "{%- for message in messages -%}{{- '<|' + message['role'] + '|>' + message['content'] + '<|end|>' -}}{%- endfor -%}" +
  "{%- if add_generation_prompt -%}{{- '<|assistant|>' -}}{%- endif -%}";

export function encodeText(text: string): number[] {
  return [...new TextEncoder().encode(text)];
}

export function decodeText(tokens: readonly number[]): string {
  return new TextDecoder().decode(Uint8Array.from(tokens.filter((token) => token < 256)));
}

/** Tokens of a conversation; with `isTrained` per token for what the assistant says, its end included. */
export function encodeChat(
  messages: readonly Message[],
  { addPrompt = false } = {},
): { tokens: number[]; isTrained: boolean[] } {
  const tokens: number[] = [];
  const isTrained: boolean[] = [];
  const push = (ids: readonly number[], trained: boolean) => {
    for (const id of ids) {
      tokens.push(id);
      isTrained.push(trained);
    }
  };
  for (const { role, content } of messages) {
    push([SPECIAL_TOKENS[`<|${role}|>`]], false);
    push([...encodeText(content), END_TOKEN], role === "assistant");
  }
  if (addPrompt) push([SPECIAL_TOKENS["<|assistant|>"]], false);
  return { tokens, isTrained };
}
