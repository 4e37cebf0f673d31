import type { AnswerTurn, Thread, UserTurn } from "@/lib/storage/conversation";
import { pathOf, siblings } from "@/lib/storage/conversation-tree";

/** A question with its answers, as they stand in the chosen way through a thread. */
export interface Exchange {
  question: UserTurn;
  /** The question and its other wordings. */
  questions: UserTurn[];
  /** The chosen answer; null while there is none. */
  answer: AnswerTurn | null;
  answers: AnswerTurn[];
}

export function exchangesOf(thread: Thread): Exchange[] {
  const path = pathOf(thread);
  return path.flatMap((question, index): Exchange[] => {
    if (question.role !== "user") return [];
    const next = path[index + 1];
    return [
      {
        question,
        questions: siblings(thread, question.parentId).filter((turn) => turn.role === "user"),
        answer: next?.role === "assistant" ? next : null,
        answers: siblings(thread, question.id).filter((turn) => turn.role === "assistant"),
      },
    ];
  });
}
