import { Send, Square } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState, type KeyboardEvent } from "react";
import { Button } from "@/components/ui/button";
import type { Desk } from "./use-desk";

/** Enter sends, Shift and Enter make a new line; while an answer is written, it can be stopped. */
export function Composer({ desk }: { desk: Desk }) {
  const t = useTranslations("playground");
  const [text, setText] = useState("");
  const { mode, models } = desk.state;
  const canSend = text.trim() !== "" && !desk.isAnswering;
  const send = () => {
    if (!canSend) return;
    desk.send(mode === "chat" ? text.trim() : text);
    setText("");
  };
  const onKeyDown = (event: KeyboardEvent) => {
    // An input method's Enter takes its suggestion.
    if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    send();
  };
  return (
    <form
      className="mx-auto w-full max-w-[880px] rounded-card border border-line bg-raised py-2 pr-2 pl-3 shadow-float focus-within:border-accent sm:py-2.5 sm:pr-2.5 sm:pl-3.5"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <textarea
        rows={1}
        aria-label={t(mode === "chat" ? "message" : "textToComplete")}
        placeholder={t(
          mode === "text" ? "textToComplete" : models.length > 1 ? "writeToBoth" : "write",
        )}
        className="block field-sizing-content max-h-[30dvh] min-h-6 w-full resize-none bg-transparent text-form leading-[22px] outline-none placeholder:text-faint"
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={onKeyDown}
      />
      <div className="mt-1 flex items-center justify-end gap-3">
        <span className="hidden text-small text-faint min-[900px]:inline">{t("keys")}</span>
        {desk.isAnswering ? (
          <Button onClick={desk.stop}>
            <Square />
            {t("stopAnswer")}
          </Button>
        ) : (
          <Button type="submit" look="primary" disabled={!canSend}>
            <Send />
            {t(mode === "text" ? "complete" : models.length > 1 ? "sendToBoth" : "send")}
          </Button>
        )}
      </div>
    </form>
  );
}
