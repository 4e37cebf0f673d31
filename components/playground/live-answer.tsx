import { Square } from "lucide-react";
import { useTranslations } from "next-intl";
import { Button } from "@/components/ui/button";
import { Dot } from "@/components/ui/tag";
import { useNow } from "@/components/ui/use-now";
import { stopAsk, type LiveAsk } from "@/lib/stores/playground";
import { Waiting } from "./waiting";

const REFRESH_MS = 200;

/** An answer while it is written: plain text, because half a Markdown construct jumps. */
export function LiveAnswer({ ask }: { ask: LiveAsk }) {
  const t = useTranslations("playground");
  const elapsedMs = useNow(REFRESH_MS) - performance.timeOrigin - ask.startedAt;
  const isWriting = ask.firstTextAt !== null;
  return (
    <div data-testid="answer" data-state="writing">
      <p className="min-h-6 [overflow-wrap:anywhere] whitespace-pre-wrap">
        {ask.text}
        <span
          aria-hidden
          className="ml-[3px] inline-block h-4 w-2 animate-pulse rounded-[1.5px] bg-accent align-[-3px]"
        />
      </p>
      <div className="mt-2 flex items-center gap-3 text-small leading-5 text-accent-text num">
        <Dot tone="accent" />
        <span role="status">{isWriting ? t("streaming") : <Waiting count={ask.count} />}</span>
        <span className="text-faint">{t("seconds", { value: (elapsedMs / 1000).toFixed(1) })}</span>
        <Button size="small" className="ml-auto text-ink" onClick={() => stopAsk(ask.id)}>
          <Square />
          {t("stopAnswer")}
        </Button>
      </div>
    </div>
  );
}
