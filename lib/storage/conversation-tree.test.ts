import { expect, test } from "vitest";
import type { AnswerTurn, Thread, UserTurn } from "./conversation";
import {
  choose,
  pathOf,
  siblings,
  turnsBefore,
  withAnswer,
  withTurn,
  withoutTurn,
} from "./conversation-tree";

const MODEL = { baseModel: "m", path: null, runName: null, checkpointName: null };
const SETTINGS = {
  system: "",
  temperature: 1,
  topP: 1,
  topK: null,
  maxTokens: 9,
  stop: [],
  seed: null,
  count: 1,
};
const EMPTY: Thread = { model: MODEL, turns: [], chosen: {} };

function question(id: string, parentId: string | null): UserTurn {
  return { id, parentId, role: "user", text: id, at: 0 };
}

function answer(id: string, parentId: string): AnswerTurn {
  return {
    ...{ id, parentId, role: "assistant", text: id, at: 0, mode: "chat", model: MODEL },
    ...{ settings: SETTINGS, end: "stop", ms: 1, firstTokenMs: null, tokens: 1, error: null },
  };
}

const ids = (turns: { id: string }[]) => turns.map(({ id }) => id).join(" ");

function talk(): Thread {
  let thread = withTurn(EMPTY, question("q1", null));
  thread = withAnswer(thread, answer("a1", "q1"), true);
  thread = withAnswer(thread, answer("a2", "q1"), false);
  thread = withTurn(thread, question("q2", "a1"));
  return withAnswer(thread, answer("a3", "q2"), true);
}

test("the way follows the chosen answers", () => {
  const thread = talk();
  expect(ids(pathOf(thread))).toBe("q1 a1 q2 a3");
  expect(ids(siblings(thread, "q1"))).toBe("a1 a2");
  expect(ids(pathOf(choose(thread, thread.turns[2]!)))).toBe("q1 a2");
});

test("an edited question is a sibling, and the old talk can be chosen again", () => {
  const thread = talk();
  const edited = withTurn(thread, question("q1b", null));
  expect(ids(pathOf(edited))).toBe("q1b");
  expect(ids(pathOf(choose(edited, thread.turns[0]!)))).toBe("q1 a1 q2 a3");
});

test("a turn goes with all that follows it, and the newest sibling takes its place", () => {
  const thread = withoutTurn(talk(), "a1");
  expect(ids(thread.turns)).toBe("q1 a2");
  expect(ids(pathOf(thread))).toBe("q1 a2");
});

test("the context of a turn is its own line of parents, whatever is chosen", () => {
  const thread = talk();
  expect(ids(turnsBefore(choose(thread, thread.turns[2]!), thread.turns[4]!))).toBe("q1 a1 q2");
});

test("an answer to a question that was deleted meanwhile is dropped", () => {
  expect(withAnswer(EMPTY, answer("a", "gone"), true)).toBe(EMPTY);
});
