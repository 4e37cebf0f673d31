import type { AnswerTurn, Conversation, Thread, Turn } from "./conversation";

const ROOT = "root";

/** The turns with the same parent, in the order in which they came; empty for none. */
export function siblings(thread: Thread, parentId: string | null): Turn[] {
  return thread.turns.filter((turn) => turn.parentId === parentId);
}

/** The way through the tree that is shown and continued: from the first turn along the chosen ones. */
export function pathOf(thread: Thread): Turn[] {
  const path: Turn[] = [];
  for (let parentId: string | null = null; ;) {
    const children = siblings(thread, parentId);
    const chosenId: string | undefined = thread.chosen[parentId ?? ROOT];
    const next: Turn | undefined = children.find(({ id }) => id === chosenId) ?? children.at(-1);
    if (!next) return path;
    path.push(next);
    parentId = next.id;
  }
}

/** The turns up to and without the given one, along its parents. */
export function turnsBefore(thread: Thread, turn: Turn): Turn[] {
  const before: Turn[] = [];
  for (let parentId = turn.parentId; parentId !== null;) {
    const parent = thread.turns.find(({ id }) => id === parentId);
    if (!parent) break;
    before.unshift(parent);
    parentId = parent.parentId;
  }
  return before;
}

/** With the turn added and the way led to it. */
export function withTurn(thread: Thread, turn: Turn): Thread {
  return choose({ ...thread, turns: [...thread.turns, turn] }, turn);
}

/** With an answer added; the way is led to it unless another one of the same question was chosen before. */
export function withAnswer(thread: Thread, answer: AnswerTurn, isFirst: boolean): Thread {
  if (!thread.turns.some(({ id }) => id === answer.parentId)) return thread;
  return isFirst ? withTurn(thread, answer) : { ...thread, turns: [...thread.turns, answer] };
}

export function choose(thread: Thread, { id, parentId }: Turn): Thread {
  return { ...thread, chosen: { ...thread.chosen, [parentId ?? ROOT]: id } };
}

/** Without the turn and all that follows it. */
export function withoutTurn(thread: Thread, turnId: string): Thread {
  const gone = new Set([turnId]);
  // A turn always stands behind its parent.
  for (const turn of thread.turns) {
    if (turn.parentId !== null && gone.has(turn.parentId)) gone.add(turn.id);
  }
  const turns = thread.turns.filter(({ id }) => !gone.has(id));
  const chosen = Object.fromEntries(
    Object.entries(thread.chosen).filter(
      ([parent, child]) => !gone.has(parent) && !gone.has(child),
    ),
  );
  return { ...thread, turns, chosen };
}

export function withThread(
  conversation: Conversation,
  index: number,
  change: (thread: Thread) => Thread,
): Conversation {
  return {
    ...conversation,
    threads: conversation.threads.map((thread, i) => (i === index ? change(thread) : thread)),
  };
}

/** The first words of the first question. */
export function titleOf(conversation: Conversation): string {
  const first = conversation.threads[0]?.turns[0]?.text.trim() ?? "";
  return first.split("\n")[0]!.slice(0, 80);
}
