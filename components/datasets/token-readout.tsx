import { useFormatter, useTranslations } from "next-intl";
import type { ReactNode } from "react";
import type { TokenPiece } from "@/lib/workers/hosts";
import { onOneLine } from "./visible-text";

/** One line that says what the pointed token is, so that nothing covers the text. */
export function TokenReadout({
  pieces,
  index,
}: {
  pieces: readonly TokenPiece[];
  index: number | null;
}) {
  const t = useTranslations("datasets.row");
  const format = useFormatter();
  const piece = index === null ? undefined : pieces[index];
  const trained = pieces.reduce((sum, { weight }) => sum + weight, 0);
  return (
    <div className="flex min-h-8 shrink-0 flex-wrap items-center gap-x-4 gap-y-0.5 border-t border-line px-3.5 py-1 text-small text-muted num">
      <output className="flex min-w-0 flex-wrap gap-x-4" data-testid="token-readout">
        {piece && index !== null ? (
          <>
            <Fact name={t("index")}>{format.number(index)}</Fact>
            <Fact name={t("text")} isMono>
              {onOneLine(piece.text)}
            </Fact>
            <Fact name={t("id")}>{piece.id}</Fact>
            <Fact name={t("weight")}>{piece.weight}</Fact>
          </>
        ) : (
          <span className="text-faint">{t("pointAt")}</span>
        )}
      </output>
      <span className="ml-auto">{t("trainedCount", { trained, total: pieces.length })}</span>
    </div>
  );
}

function Fact({ name, isMono, children }: { name: string; isMono?: boolean; children: ReactNode }) {
  return (
    <span>
      {name}{" "}
      <b className={isMono ? "font-mono font-[550] text-ink" : "font-[550] text-ink"}>{children}</b>
    </span>
  );
}
