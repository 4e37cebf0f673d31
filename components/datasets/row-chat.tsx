import { ChevronRight } from "lucide-react";
import { useTranslations } from "next-intl";
import type { Sample } from "@/lib/dataset/types";
import type { ChatMessage } from "@/lib/protocol/chat";

const TEXT = "[overflow-wrap:anywhere] whitespace-pre-wrap";

export function RowChat({ sample }: { sample: Sample }) {
  const t = useTranslations("datasets.row");
  return (
    <div
      tabIndex={0}
      role="group"
      aria-label={t("chat")}
      className="min-h-0 flex-1 overflow-auto p-3.5 -outline-offset-2"
    >
      <div className="flex flex-col gap-3 text-form">
        {sample.kind === "chat" &&
          sample.messages.map((message, index) => <Bubble key={index} message={message} />)}
        {sample.kind === "completion" && (
          <>
            <Part name={t("promptPart")} text={sample.prompt} />
            <Part name={t("completionPart")} text={sample.completion} />
          </>
        )}
        {sample.kind === "text" && <Part name={t("textPart")} text={sample.text} />}
      </div>
    </div>
  );
}

function Bubble({ message }: { message: ChatMessage }) {
  const t = useTranslations("datasets.row");
  switch (message.role) {
    case "system":
      return (
        <details className="group rounded-control border border-line bg-sunken px-3 py-1.5">
          <summary className="flex cursor-pointer list-none items-center gap-1.5 text-small font-[550] text-muted">
            <ChevronRight aria-hidden className="size-3.5 group-open:rotate-90" />
            {t("system")}
          </summary>
          <p className={`pt-1 pb-1 ${TEXT}`}>{message.content}</p>
        </details>
      );
    case "user":
      return (
        <div className="ml-auto max-w-[85%] rounded-card bg-accent-soft px-3 py-2">
          <span className="sr-only">{t("user")}: </span>
          <p className={TEXT}>{message.content}</p>
        </div>
      );
    case "assistant":
      return (
        <div className="max-w-[92%]">
          <span className="text-small font-[550] text-faint">{t("assistant")}</span>
          <p className={TEXT}>{message.content}</p>
        </div>
      );
  }
}

function Part({ name, text }: { name: string; text: string }) {
  return (
    <div>
      <h2 className="text-small font-medium text-faint">{name}</h2>
      <p className={TEXT}>{text}</p>
    </div>
  );
}
