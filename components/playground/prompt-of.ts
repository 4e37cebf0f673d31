import type { ChatMessage } from "@/lib/protocol/chat";
import type { Prompt } from "@/lib/query/sampling";
import type { AnswerSettings, PlaygroundMode, Thread, UserTurn } from "@/lib/storage/conversation";
import { turnsBefore } from "@/lib/storage/conversation-tree";

/** What a model is asked with a question: the talk before it in a chat, the text alone otherwise. */
export function promptOf(
  thread: Thread,
  question: UserTurn,
  mode: PlaygroundMode,
  { system }: AnswerSettings,
): Prompt {
  if (mode === "text") return { mode, text: question.text };
  const messages: ChatMessage[] = system.trim() ? [{ role: "system", content: system }] : [];
  const before = turnsBefore(thread, question);
  before.forEach((turn, index) => {
    const isUnanswered = turn.role === "user" && !before[index + 1]?.text;
    // Templates want the roles in turn, so a question whose answer failed is left out with it.
    if (turn.text && !isUnanswered) messages.push({ role: turn.role, content: turn.text });
  });
  return { mode, messages: [...messages, { role: "user", content: question.text }] };
}
