import { useTranslations } from "next-intl";

export interface RowListFootProps {
  /** Places in sight, from 0; null before the first measurement. */
  range: { startIndex: number; endIndex: number } | null;
  count: number;
}

export function RowListFoot({ range, count }: RowListFootProps) {
  const t = useTranslations("datasets.rows");
  return (
    <div className="flex h-8 shrink-0 items-center gap-2 border-t border-line px-3 text-small text-faint num">
      {t("range", {
        from: (range?.startIndex ?? 0) + 1,
        to: (range?.endIndex ?? 0) + 1,
        total: count,
      })}
      <span aria-hidden className="ml-auto hidden items-center gap-1 sm:flex">
        <Key>j</Key>
        <Key>k</Key>
        {t("keys")}
      </span>
    </div>
  );
}

function Key({ children }: { children: string }) {
  return (
    <kbd className="rounded-[4px] border border-line-strong px-1 font-mono text-tiny">
      {children}
    </kbd>
  );
}
