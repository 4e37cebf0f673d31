import { ChevronLeft, ChevronRight } from "lucide-react";
import { useTranslations } from "next-intl";
import { Button } from "@/components/ui/button";
import type { Turn } from "@/lib/storage/conversation";

/** `‹ 2/3 ›` over turns with one parent; nothing for a single one. */
export function SiblingNav<T extends Turn>({
  turns,
  shown,
  onChoose,
}: {
  turns: T[];
  shown: T;
  onChoose: (turn: T) => void;
}) {
  const t = useTranslations("playground");
  if (turns.length < 2) return null;
  const index = turns.findIndex(({ id }) => id === shown.id);
  const step = (by: number) => {
    const next = turns[index + by];
    if (next) onChoose(next);
  };
  return (
    <span className="inline-flex items-center text-muted num">
      <Button
        look="ghost"
        size="small"
        square
        className="w-5"
        aria-label={t("previous")}
        disabled={index === 0}
        onClick={() => step(-1)}
      >
        <ChevronLeft />
      </Button>
      {index + 1}/{turns.length}
      <Button
        look="ghost"
        size="small"
        square
        className="w-5"
        aria-label={t("next")}
        disabled={index === turns.length - 1}
        onClick={() => step(1)}
      >
        <ChevronRight />
      </Button>
    </span>
  );
}
