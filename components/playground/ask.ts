import type { QueryClient } from "@tanstack/react-query";
import { toErrorReport } from "@/lib/base/errors";
import { changeConversation } from "@/lib/query/conversations";
import { askForAnswers, countTokens } from "@/lib/query/sampling";
import type {
  AnswerSettings,
  AnswerTurn,
  ModelChoice,
  PlaygroundMode,
  Thread,
  UserTurn,
} from "@/lib/storage/conversation";
import { withAnswer, withThread } from "@/lib/storage/conversation-tree";
import { askPlace, beginAsk, type AskHandle } from "@/lib/stores/playground";
import { promptOf } from "./prompt-of";

export interface Ask {
  conversationId: string;
  serverId: string;
  /** Number of the panel. */
  panel: number;
  thread: Thread;
  question: UserTurn;
  mode: PlaygroundMode;
  model: ModelChoice;
  settings: AnswerSettings;
}

/** Asks and keeps what comes, also what came before a stop or a failure. Goes on when the screen is left. */
export async function answerQuestion(client: QueryClient, ask: Ask): Promise<void> {
  const handle = beginAsk({
    place: askPlace(ask.panel, ask.question.id),
    conversationId: ask.conversationId,
    count: ask.settings.count,
  });
  try {
    const answers = await answersTo(client, ask, handle);
    await changeConversation(client, ask.conversationId, (conversation) =>
      withThread(conversation, ask.panel, (thread) =>
        answers.reduce((grown, answer, i) => withAnswer(grown, answer, i === 0), thread),
      ),
    );
  } finally {
    handle.end();
  }
}

async function answersTo(
  client: QueryClient,
  { serverId, thread, question, mode, model, settings }: Ask,
  handle: AskHandle,
): Promise<AnswerTurn[]> {
  const { startedAt } = handle.now();
  const turn = (outcome: Pick<AnswerTurn, "text" | "end" | "tokens" | "error" | "ms">) => {
    const { firstTextAt } = handle.now();
    return {
      ...{ id: crypto.randomUUID(), parentId: question.id, role: "assistant", at: Date.now() },
      ...{ mode, model, settings },
      firstTokenMs: firstTextAt === null ? null : firstTextAt - startedAt,
      ...outcome,
    } satisfies AnswerTurn;
  };
  const count = (text: string) => countTokens(client, model.baseModel, text);
  try {
    const prompt = promptOf(thread, question, mode, settings);
    const answers = await askForAnswers(
      { serverId, model, prompt, settings },
      { client, signal: handle.signal, onText: handle.onText },
    );
    const ms = performance.now() - startedAt;
    return await Promise.all(
      answers.map(async ({ text, stopReason: end, tokens }) =>
        turn({ text, end, tokens: tokens ?? (await count(text)), error: null, ms }),
      ),
    );
  } catch (error) {
    const { text } = handle.now();
    const ms = performance.now() - startedAt;
    const tokens = text ? await count(text) : 0;
    if (!handle.signal.aborted)
      return [turn({ text, end: "failed", tokens, error: toErrorReport(error), ms })];
    return text ? [turn({ text, end: "aborted", tokens, error: null, ms })] : [];
  }
}
