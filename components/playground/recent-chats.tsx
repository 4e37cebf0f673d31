import { useQuery } from "@tanstack/react-query";
import { History } from "lucide-react";
import { useTranslations } from "next-intl";
import { Button } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { Menu, MenuItem } from "@/components/ui/menu";
import { TimeAgo } from "@/components/ui/time-ago";
import { conversationsQuery } from "@/lib/query/conversations";
import { titleOf } from "@/lib/storage/conversation-tree";
import type { Desk } from "./use-desk";

const MOST = 20;

/** The last conversations with this server. */
export function RecentChats({ desk, onOpen }: { desk: Desk; onOpen: (chat: string) => void }) {
  const t = useTranslations("playground");
  const { data: recent } = useQuery(conversationsQuery(desk.serverId));
  return (
    <Menu
      trigger={
        <Button look="ghost" size="small" square aria-label={t("recent")} title={t("recent")}>
          <History />
        </Button>
      }
    >
      {recent?.length ? (
        recent.slice(0, MOST).map((conversation) => (
          <MenuItem
            key={conversation.id}
            onSelect={() => onOpen(conversation.id)}
            className="w-72 max-w-[80vw]"
          >
            <span
              className={cn("min-w-0 flex-1 truncate", conversation.id === desk.id && "font-[550]")}
            >
              {titleOf(conversation) || t("newChat")}
            </span>
            <TimeAgo at={conversation.updatedAt} className="text-small text-faint" />
          </MenuItem>
        ))
      ) : (
        <p className="px-2 py-1.5 text-muted">{t("noRecent")}</p>
      )}
    </Menu>
  );
}
