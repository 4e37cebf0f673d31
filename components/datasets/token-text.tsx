import { useTranslations } from "next-intl";
import { memo, useRef, useState, type KeyboardEvent, type SyntheticEvent } from "react";
import { Button } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import type { TokenPiece } from "@/lib/workers/hosts";
import { onOneLine, withLineMarks } from "./visible-text";

/** More spans than these make the page slow. */
const SHOWN_AT_ONCE = 2000;

/** The tokens in a line; pointer or arrow keys point at one. */
export function TokenText({
  pieces,
  onPoint,
}: {
  pieces: readonly TokenPiece[];
  onPoint: (index: number) => void;
}) {
  const t = useTranslations("datasets.row");
  const [shown, setShown] = useState(SHOWN_AT_ONCE);
  const box = useRef<HTMLDivElement>(null);
  const rest = Math.min(SHOWN_AT_ONCE, pieces.length - shown);

  function point(event: SyntheticEvent) {
    const index = indexOf(event.target);
    if (index !== null) onPoint(index);
  }

  function onKeyDown(event: KeyboardEvent) {
    const by = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    const index = indexOf(event.target);
    if (by === 0 || index === null) return;
    event.preventDefault();
    box.current?.querySelector<HTMLElement>(`[data-token="${index + by}"]`)?.focus();
  }

  return (
    <div className="min-h-0 flex-1 overflow-auto px-3.5 py-2.5">
      <div
        ref={box}
        role="listbox"
        aria-orientation="horizontal"
        aria-label={t("tokensLabel")}
        onPointerOver={point}
        onFocus={point}
        onKeyDown={onKeyDown}
        className="[overflow-wrap:anywhere]"
      >
        <TokenSpans pieces={pieces} to={shown} />
      </div>
      {rest > 0 && (
        <Button size="small" className="mt-3" onClick={() => setShown(shown + SHOWN_AT_ONCE)}>
          {t("moreTokens", { count: rest })}
        </Button>
      )}
    </div>
  );
}

/** Drawn once a row: pointing at a token leaves it alone. */
const TokenSpans = memo(function TokenSpans({
  pieces,
  to,
}: {
  pieces: readonly TokenPiece[];
  to: number;
}) {
  return pieces.slice(0, to).map((piece, index) => (
    <span
      key={index}
      role="option"
      aria-selected={false}
      aria-label={piece.text.trim() === "" ? onOneLine(piece.text) : undefined}
      data-token={index}
      tabIndex={index === 0 ? 0 : -1}
      className={cn(
        "cursor-default tok outline-offset-0 hover:outline-2 hover:outline-accent",
        piece.isSpecial && "tok-special",
        piece.weight === 1 ? "mr-px text-ink tok-trained" : "text-muted",
      )}
    >
      {withLineMarks(piece.text)}
    </span>
  ));
});

function indexOf(target: EventTarget): number | null {
  const index = target instanceof HTMLElement ? target.dataset["token"] : undefined;
  return index === undefined ? null : Number(index);
}
