import { Columns2, Plus, Trash2, X } from "lucide-react";
import { useTranslations } from "next-intl";
import { Button } from "@/components/ui/button";
import { Segments } from "@/components/ui/segments";
import type { Conversation } from "@/lib/storage/conversation";
import { titleOf } from "@/lib/storage/conversation-tree";
import { RecentChats } from "./recent-chats";
import type { Desk } from "./use-desk";
import { useRemoveChat } from "./use-remove-chat";

interface DeskBarProps {
  desk: Desk;
  conversation: Conversation | null;
  onOpen: (chat: string) => void;
  onNew: () => void;
  onCompared: () => void;
}

export function DeskBar({ desk, conversation, onOpen, onNew, onCompared }: DeskBarProps) {
  const t = useTranslations("playground");
  const { models, mode } = desk.state;
  const [first] = models;
  const isComparing = models.length > 1;
  const title = (conversation && titleOf(conversation)) || t("newChat");
  const remove = useRemoveChat({ onRemoved: onNew, onRestored: onOpen });
  const toggleCompare = () => {
    if (isComparing || !first) return desk.change({ models: models.slice(0, 1) });
    const base = { ...first, path: null, runName: null, checkpointName: null };
    desk.change({ models: [first, base] });
    onCompared();
  };
  return (
    <div className="flex min-w-0 items-center gap-1.5 px-3.5 sm:pr-2.5 sm:pl-5">
      <h1 className="min-w-0 flex-1 truncate text-[14px] leading-5 font-semibold">{title}</h1>
      <Segments
        label={t("mode.label")}
        value={mode}
        options={[
          { value: "chat", label: t("mode.chat") },
          { value: "text", label: t("mode.text") },
        ]}
        onChange={(next) => desk.change({ mode: next })}
      />
      <BarButton icon={isComparing ? X : Columns2} onClick={toggleCompare}>
        {t(isComparing ? "closeCompare" : "compare")}
      </BarButton>
      <RecentChats desk={desk} onOpen={onOpen} />
      <BarButton icon={Plus} onClick={onNew}>
        {t("new")}
      </BarButton>
      {conversation && (
        <Button
          look="ghost"
          size="small"
          square
          aria-label={t("remove")}
          title={t("remove")}
          onClick={() => remove(conversation, title)}
        >
          <Trash2 />
        </Button>
      )}
    </div>
  );
}

/** Icon and word; the icon alone where there is no room. */
function BarButton({
  icon: Icon,
  children,
  ...props
}: {
  icon: typeof Plus;
  children: string;
  onClick?: () => void;
}) {
  return (
    <Button
      look="ghost"
      size="small"
      aria-label={children}
      title={children}
      className="max-[1240px]:w-[26px] max-[1240px]:px-0 max-sm:w-8"
      {...props}
    >
      <Icon />
      <span className="max-[1240px]:hidden">{children}</span>
    </Button>
  );
}
