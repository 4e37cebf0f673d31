import { useTranslations } from "next-intl";
import { cn } from "@/components/ui/cn";

const LOOKS = { trained: "tok-trained", context: "", special: "tok-special" } as const;

export function TokenLegend() {
  const t = useTranslations("datasets.row");
  return (
    <ul className="flex flex-wrap gap-4 border-b border-line px-3.5 py-1.5 text-small text-muted">
      {(["trained", "context", "special"] as const).map((kind) => (
        <li key={kind} className="flex items-center">
          <span className={cn("tok px-1", LOOKS[kind])}>{t(kind)}</span>
        </li>
      ))}
    </ul>
  );
}
