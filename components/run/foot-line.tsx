import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";
import { cn } from "@/components/ui/cn";

export interface FootLineProps {
  icon: LucideIcon;
  tone?: "plain" | "warn" | "ok";
  children: ReactNode;
}

const ICON_INKS = { plain: "text-faint", warn: "text-warn", ok: "text-ok" } as const;

/** Keeps two lines of room, so that nothing below moves when the sentence changes. */
export function FootLine({ icon: Icon, tone = "plain", children }: FootLineProps) {
  return (
    <div className="mt-auto flex min-h-[43px] gap-2 border-t border-line pt-2.5 text-small text-muted sm:has-[a]:items-center">
      <Icon aria-hidden className={cn("mt-px size-3.5 shrink-0", ICON_INKS[tone])} />
      <div className="min-w-0 flex-1" role={tone === "warn" ? "status" : undefined}>
        {children}
      </div>
    </div>
  );
}
