import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { toErrorReport, type ErrorReport } from "@/lib/base/errors";
import { changeConversation, startConversation } from "@/lib/query/conversations";
import type {
  AnswerSettings,
  AnswerTurn,
  Conversation,
  ModelChoice,
  Thread,
  Turn,
  UserTurn,
} from "@/lib/storage/conversation";
import { choose, pathOf, withoutTurn, withThread, withTurn } from "@/lib/storage/conversation-tree";
import { stopAsks, useIsAnswering } from "@/lib/stores/playground";
import { answerQuestion } from "./ask";
import { threadsOf, withState, type DeskState } from "./desk-state";

export interface DeskOptions {
  id: string;
  serverId: string;
  /** Null until the first question. */
  conversation: Conversation | null;
  initial: DeskState;
  /** Called when the first question makes it a conversation. */
  onStarted: () => void;
}

/** Everything that can be done at the desk: what is asked next, and what was said. */
export function useDesk({ id, serverId, conversation, initial, onStarted }: DeskOptions) {
  const client = useQueryClient();
  const [state, setState] = useState(initial);
  const [saveError, setSaveError] = useState<ErrorReport | null>(null);
  const isAnswering = useIsAnswering(id);
  const threads = threadsOf(conversation, state.models);

  const stored = (work: Promise<void>) =>
    void work.catch((error: unknown) => setSaveError(toErrorReport(error)));

  /** What is shown changes at once; the browser's storage follows. */
  function write(change: (conversation: Conversation) => Conversation): void {
    const withDesk = (was: Conversation) => change(withState(was, state));
    if (conversation) return stored(changeConversation(client, id, withDesk));
    const at = Date.now();
    const empty: Conversation = {
      ...{ id, serverId, mode: state.mode, settings: state.settings },
      ...{ threads: [], panels: 1, createdAt: at, updatedAt: at },
    };
    stored(startConversation(client, withDesk(empty)));
    onStarted();
  }

  function writeThread(panel: number, change: (thread: Thread) => Thread): void {
    write((was) => withThread(was, panel, change));
  }

  function ask(panel: number, thread: Thread, question: UserTurn, like?: AnswerTurn): void {
    const { mode, model, settings } = like ?? { ...state, model: thread.model };
    const asked = { conversationId: id, serverId, panel, thread, question };
    stored(answerQuestion(client, { ...asked, mode, model, settings }));
  }

  return {
    id,
    serverId,
    state,
    threads,
    saveError,
    isAnswering,
    change: (change: Partial<DeskState>) => setState((was) => ({ ...was, ...change })),
    changeSettings: (change: Partial<AnswerSettings>) =>
      setState((was) => ({ ...was, settings: { ...was.settings, ...change } })),
    setModel: (panel: number, model: ModelChoice) =>
      setState((was) => ({ ...was, models: was.models.toSpliced(panel, 1, model) })),

    /** One question to every panel. */
    send(text: string): void {
      const asked = threads.map((thread) => {
        const question = aQuestion(text, pathOf(thread).at(-1)?.id ?? null);
        return { thread: withTurn(thread, question), question };
      });
      write((was) =>
        asked.reduce(
          (grown, { question }, panel) =>
            withThread(grown, panel, (thread) => withTurn(thread, question)),
          was,
        ),
      );
      asked.forEach(({ thread, question }, panel) => ask(panel, thread, question));
    },
    /** One more answer beside those that are there, with the settings of `like` when it is given. */
    askAgain(panel: number, question: UserTurn, like?: AnswerTurn): void {
      // A second panel is stored with its first change.
      write((was) => was);
      const alike = like && { ...like, settings: { ...like.settings, count: 1 } };
      ask(panel, threads[panel]!, question, alike);
    },
    /** The old question with all that followed stays as a sibling. */
    edit(panel: number, was: UserTurn, text: string): void {
      const question = aQuestion(text, was.parentId);
      writeThread(panel, (thread) => withTurn(thread, question));
      ask(panel, withTurn(threads[panel]!, question), question);
    },
    choose: (panel: number, turn: Turn) => writeThread(panel, (thread) => choose(thread, turn)),
    remove: (panel: number, turn: Turn) =>
      writeThread(panel, (thread) => withoutTurn(thread, turn.id)),
    stop: () => stopAsks(id),
  };
}

export type Desk = ReturnType<typeof useDesk>;

function aQuestion(text: string, parentId: string | null): UserTurn {
  return { id: crypto.randomUUID(), parentId, role: "user", text, at: Date.now() };
}
