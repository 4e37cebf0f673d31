import "fake-indexeddb/auto";
import { expect, test } from "vitest";
import type { Conversation } from "./conversation";
import {
  getConversation,
  listConversations,
  putConversation,
  removeConversation,
  updateConversation,
} from "./conversations";

function aConversation(id: string, updatedAt: number, serverId = "http://a"): Conversation {
  return {
    ...{ id, serverId, mode: "chat", threads: [], panels: 1, createdAt: 0, updatedAt },
    settings: {
      system: "",
      temperature: 1,
      topP: 1,
      topK: null,
      maxTokens: 9,
      stop: [],
      seed: null,
      count: 1,
    },
  };
}

test("conversations of one server are listed, the last used first, until they are removed", async () => {
  await putConversation(aConversation("old", 1));
  await putConversation(aConversation("new", 2));
  await putConversation(aConversation("elsewhere", 3, "http://b"));
  expect((await listConversations("http://a")).map(({ id }) => id)).toEqual(["new", "old"]);
  await removeConversation("new");
  expect(await getConversation("new")).toBeNull();
});

test("changes made at the same time are all kept", async () => {
  await putConversation(aConversation("busy", 0));
  const one = (conversation: Conversation) => ({
    ...conversation,
    updatedAt: conversation.updatedAt + 1,
  });
  await Promise.all(Array.from({ length: 20 }, () => updateConversation("busy", one)));
  expect((await getConversation("busy"))?.updatedAt).toBe(20);
});

test("a conversation that is gone stays gone", async () => {
  expect(await updateConversation("never", (conversation) => conversation)).toBeNull();
});
