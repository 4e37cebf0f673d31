import type { Conversation } from "./conversation";
import { openDatabase, toStorageError } from "./database";
import type { StoredConversation } from "./database";

/** Those of one server, the last used first. */
export async function listConversations(serverId: string): Promise<Conversation[]> {
  const all = (await (await openDatabase()).getAll("conversations")).filter(isConversation);
  return all
    .filter((conversation) => conversation.serverId === serverId)
    .sort((a, b) => b.updatedAt - a.updatedAt);
}

export async function getConversation(id: string): Promise<Conversation | null> {
  const found = await (await openDatabase()).get("conversations", id);
  return found && isConversation(found) ? found : null;
}

export async function putConversation(conversation: Conversation): Promise<void> {
  try {
    await (await openDatabase()).put("conversations", conversation);
  } catch (cause) {
    throw toStorageError(cause);
  }
}

/** Changes it in one transaction, so that two answers that end together both get in; null when it was deleted meanwhile. */
export async function updateConversation(
  id: string,
  change: (conversation: Conversation) => Conversation,
): Promise<Conversation | null> {
  try {
    const transaction = (await openDatabase()).transaction("conversations", "readwrite");
    const found = await transaction.store.get(id);
    const changed = found && isConversation(found) ? change(found) : null;
    if (changed) await transaction.store.put(changed);
    await transaction.done;
    return changed;
  } catch (cause) {
    throw toStorageError(cause);
  }
}

export async function removeConversation(id: string): Promise<void> {
  await (await openDatabase()).delete("conversations", id);
}

/** Records come only from this file; what is checked is that it was this version of it. */
function isConversation(stored: StoredConversation): stored is Conversation {
  return "threads" in stored && Array.isArray(stored.threads) && "settings" in stored;
}
