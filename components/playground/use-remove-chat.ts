import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { toast } from "sonner";
import { removeConversationMutation, startConversation } from "@/lib/query/conversations";
import type { Conversation } from "@/lib/storage/conversation";

/** Removes a conversation at once and offers to bring it back. */
export function useRemoveChat({
  onRemoved,
  onRestored,
}: {
  onRemoved: () => void;
  onRestored: (chat: string) => void;
}) {
  const t = useTranslations("playground");
  const client = useQueryClient();
  const remove = useMutation(removeConversationMutation());
  return (conversation: Conversation, title: string) =>
    remove.mutate(conversation.id, {
      onSuccess: () => {
        onRemoved();
        const undo = () =>
          void startConversation(client, conversation)
            .then(() => onRestored(conversation.id))
            .catch(() => undefined);
        toast(t("removed", { title }), { action: { label: t("undo"), onClick: undo } });
      },
    });
}
