import { useQuery } from "@tanstack/react-query";
import { useSearchParams } from "next/navigation";
import { useEffect, useState } from "react";
import { paths } from "@/lib/config/paths";
import { conversationQuery, conversationsQuery } from "@/lib/query/conversations";
import { capabilitiesQuery } from "@/lib/query/server";
import { sessionQuery } from "@/lib/query/session";
import type { Conversation } from "@/lib/storage/conversation";
import { FIRST_SETTINGS, stateOf, type DeskState } from "./desk-state";
import { useModelOf } from "./use-model-of";

export interface Opening {
  id: string;
  serverId: string;
  conversation: Conversation | null;
  initial: DeskState;
}

/** What the address opens: a conversation, a model to begin with, or the last conversation when it names nothing. */
export function useOpening() {
  const search = useSearchParams();
  const asked = {
    path: search.get("path"),
    run: search.get("run"),
    model: search.get("model"),
    compare: search.get("compare"),
    chat: search.get("chat"),
  };
  const namesNothing = Object.values(asked).every((value) => !value);
  const [draft, setDraft] = useState<{ id: string; state: DeskState | null }>(() => ({
    id: crypto.randomUUID(),
    state: null,
  }));

  const session = useQuery(sessionQuery());
  const capabilities = useQuery(capabilitiesQuery());
  const serverId = session.data?.serverId ?? "";
  const recent = useQuery({
    ...conversationsQuery(serverId),
    enabled: serverId !== "" && namesNothing && draft.state === null,
  });
  const lastId = namesNothing && !draft.state ? recent.data?.[0]?.id : undefined;
  // Named in the address, it stays open when another one becomes the last.
  useEffect(() => {
    if (lastId) show({ chat: lastId });
  }, [lastId]);
  const id = asked.chat ?? lastId ?? draft.id;
  const conversation = useQuery(conversationQuery(id));
  const first = useModelOf(asked);
  const second = useModelOf(
    asked.compare?.includes("://")
      ? { path: asked.compare, run: null, model: null }
      : { path: null, run: null, model: asked.compare },
  );

  const isNew = !conversation.data;
  const isPending =
    session.isPending ||
    conversation.isPending ||
    recent.isLoading ||
    (isNew && !draft.state && (first.isPending || second.isPending));
  const error =
    session.error ?? (isNew ? (first.error ?? second.error ?? capabilities.error) : null);
  const models = first.model
    ? [first.model, ...(asked.compare && second.model ? [second.model] : [])]
    : [];
  const mode = search.get("mode") === "text" ? "text" : search.get("mode") ? "chat" : first.mode;
  const initial = conversation.data
    ? stateOf(conversation.data)
    : (draft.state ?? { mode, models, settings: FIRST_SETTINGS });

  const opening: Opening | null =
    isPending || initial.models.length === 0
      ? null
      : { id, serverId, conversation: conversation.data ?? null, initial };
  return {
    opening,
    isPending,
    error,
    retry: () => void [session, capabilities].map((query) => query.refetch()),
    open: (chat: string) => show({ chat }),
    startNew: (state: DeskState) => {
      setDraft({ id: crypto.randomUUID(), state });
      const [a, b] = state.models;
      show({
        ...(a?.path ? { path: a.path } : { model: a?.baseModel }),
        compare: b && (b.path ?? b.baseModel),
        mode: state.mode,
      });
    },
  };
}

/** The address follows what is open, without a trip to the server. */
export function show(query: Parameters<typeof paths.playground>[0]): void {
  window.history.replaceState(null, "", paths.playground(query));
}
