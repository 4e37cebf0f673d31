import { mutationOptions, queryOptions, type QueryClient } from "@tanstack/react-query";
import type { Conversation } from "@/lib/storage/conversation";
import {
  getConversation,
  listConversations,
  putConversation,
  removeConversation,
  updateConversation,
} from "@/lib/storage/conversations";

const KEY = ["conversations"] as const;
const LIST_KEY = [...KEY, "list"] as const;

/** The conversations held with one server, the last used first. */
export function conversationsQuery(serverId: string) {
  return queryOptions({
    queryKey: [...LIST_KEY, serverId],
    queryFn: () => listConversations(serverId),
    networkMode: "always",
  });
}

/** Null for one that this browser does not have. The page's own changes are in it before they are stored. */
export function conversationQuery(id: string) {
  return queryOptions({
    queryKey: [...KEY, "one", id],
    queryFn: () => getConversation(id),
    networkMode: "always",
    staleTime: Infinity,
  });
}

/** Shown at once; rejects when the browser cannot store it. */
export async function startConversation(client: QueryClient, conversation: Conversation) {
  client.setQueryData(conversationQuery(conversation.id).queryKey, conversation);
  await putConversation(conversation);
  await client.invalidateQueries({ queryKey: LIST_KEY });
}

/** Shown at once; rejects when the browser cannot store it. `change` may run twice, on what is shown and on what is stored. */
export async function changeConversation(
  client: QueryClient,
  id: string,
  change: (conversation: Conversation) => Conversation,
) {
  client.setQueryData(conversationQuery(id).queryKey, (shown) => (shown ? change(shown) : shown));
  await updateConversation(id, change);
  await client.invalidateQueries({ queryKey: LIST_KEY });
}

export function removeConversationMutation() {
  return mutationOptions({
    mutationFn: removeConversation,
    networkMode: "always",
    onSuccess: (_nothing, id, _result, { client }) => {
      client.setQueryData(conversationQuery(id).queryKey, null);
      return client.invalidateQueries({ queryKey: LIST_KEY });
    },
  });
}
