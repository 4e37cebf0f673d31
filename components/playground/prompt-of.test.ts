import { expect, test } from "vitest";
import type { AnswerTurn, Thread, UserTurn } from "@/lib/storage/conversation";
import { FIRST_SETTINGS } from "./desk-state";
import { promptOf } from "./prompt-of";

const MODEL = { baseModel: "m", path: null, runName: null, checkpointName: null };

function question(id: string, parentId: string | null): UserTurn {
  return { id, parentId, role: "user", text: `${id}?`, at: 0 };
}

function answer(id: string, parentId: string, text: string): AnswerTurn {
  return {
    ...{ id, parentId, role: "assistant", text, at: 0, mode: "chat", model: MODEL },
    ...{ settings: FIRST_SETTINGS, end: "stop", ms: 1, firstTokenMs: null, tokens: 1, error: null },
  };
}

const LAST = question("q3", "a2");
const THREAD: Thread = {
  model: MODEL,
  turns: [
    ...[question("q1", null), answer("a1", "q1", "one"), question("q2", "a1")],
    ...[answer("a2", "q2", ""), LAST],
  ],
  chosen: {},
};

test("a chat holds the system prompt and the talk before, without a question that got no answer", () => {
  expect(promptOf(THREAD, LAST, "chat", { ...FIRST_SETTINGS, system: "Be brief." })).toEqual({
    mode: "chat",
    messages: [
      { role: "system", content: "Be brief." },
      { role: "user", content: "q1?" },
      { role: "assistant", content: "one" },
      { role: "user", content: "q3?" },
    ],
  });
});

test("plain text is asked for alone", () => {
  expect(promptOf(THREAD, LAST, "text", FIRST_SETTINGS)).toEqual({ mode: "text", text: "q3?" });
});
