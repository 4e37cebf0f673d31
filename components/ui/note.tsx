import { CircleAlert, CircleCheck, Info, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { cn } from "./cn";
import type { Tone } from "./tag";

type NoteTone = Exclude<Tone, "accent">;

const LOOKS: Record<NoteTone, string> = {
  plain: "border-line bg-sunken",
  ok: "border-ok-line bg-ok-soft",
  warn: "border-warn-line bg-warn-soft",
  bad: "border-bad-line bg-bad-soft",
};

const ICONS: Record<NoteTone, typeof Info> = {
  plain: Info,
  ok: CircleCheck,
  warn: TriangleAlert,
  bad: CircleAlert,
};

const INKS: Record<NoteTone, string> = {
  plain: "text-muted",
  ok: "text-ok",
  warn: "text-warn",
  bad: "text-bad",
};

export interface NoteProps {
  tone?: NoteTone;
  children: ReactNode;
  /** Buttons at the end. */
  actions?: ReactNode;
  className?: string;
}

/** A boxed message: what happened, where, what to do. */
export function Note({ tone = "plain", children, actions, className }: NoteProps) {
  const Icon = ICONS[tone];
  return (
    <div
      role={tone === "bad" ? "alert" : "note"}
      className={cn(
        "flex flex-wrap gap-2.5 rounded-control border px-3 py-2.5",
        LOOKS[tone],
        className,
      )}
    >
      <Icon aria-hidden className={cn("mt-0.5 size-4 shrink-0", INKS[tone])} />
      <div className="min-w-0 flex-1 [overflow-wrap:anywhere]">{children}</div>
      {actions && <div className="flex items-center gap-2">{actions}</div>}
    </div>
  );
}
