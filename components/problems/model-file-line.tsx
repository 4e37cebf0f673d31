import { Check, Circle, X } from "lucide-react";
import { useTranslations } from "next-intl";
import { cn } from "@/components/ui/cn";
import { formatBytes } from "@/lib/base/format";

export interface ModelFileLineProps {
  name: string;
  isNeeded: boolean;
  file: Blob | undefined;
  fault:
    { code: "missing" | "too_large" | "not_json" | "no_tokenizer"; reason: string } | undefined;
}

/** One file of a model's folder: there or not, and what is wrong with it. */
export function ModelFileLine({ name, isNeeded, file, fault }: ModelFileLineProps) {
  const t = useTranslations("modelFiles");
  const Icon = fault ? X : file ? Check : Circle;
  return (
    <li className="grid grid-cols-[auto_1fr_auto] items-baseline gap-x-2">
      <Icon
        aria-hidden
        className={cn(
          "size-3.5 translate-y-0.5",
          fault ? "text-bad" : file ? "text-ok" : "text-faint",
        )}
      />
      <span className="min-w-0 font-mono text-mono [overflow-wrap:anywhere]">{name}</span>
      <span className="text-small text-faint num">
        {file ? formatBytes(file.size) : t(isNeeded ? "needed" : "optional")}
      </span>
      {fault && (
        <p className="col-start-2 text-small [overflow-wrap:anywhere] text-bad">
          {t(`fault.${fault.code}`, { reason: fault.reason })}
        </p>
      )}
    </li>
  );
}
