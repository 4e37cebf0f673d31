import type { ComponentProps } from "react";
import { cn } from "./cn";

export type Tone = "plain" | "ok" | "warn" | "bad" | "accent";

const TAGS: Record<Tone, string> = {
  plain: "bg-sunken text-muted",
  ok: "bg-ok-soft text-ok",
  warn: "bg-warn-soft text-warn",
  bad: "bg-bad-soft text-bad",
  accent: "bg-accent-soft text-accent-text",
};

const DOTS: Record<Tone, string> = {
  plain: "bg-faint",
  ok: "bg-ok",
  warn: "bg-warn",
  bad: "bg-bad",
  accent: "bg-accent shadow-[0_0_0_3px_var(--accent-soft)]",
};

export function Tag({
  tone = "plain",
  className,
  ...props
}: ComponentProps<"span"> & { tone?: Tone }) {
  return (
    <span
      className={cn(
        "inline-flex h-5 shrink-0 items-center gap-1 rounded-[5px] px-1.5 text-tiny font-[550] whitespace-nowrap [&_svg]:size-3.5",
        TAGS[tone],
        className,
      )}
      {...props}
    />
  );
}

/** A coloured point beside a word; never alone. */
export function Dot({ tone = "plain", className }: { tone?: Tone; className?: string }) {
  return (
    <i
      aria-hidden
      className={cn("inline-block size-[7px] shrink-0 rounded-full", DOTS[tone], className)}
    />
  );
}

export function Chip({ className, ...props }: ComponentProps<"span">) {
  return (
    <span
      className={cn(
        "inline-flex h-6 max-w-full items-center gap-1.5 rounded-full border border-line bg-surface px-2 text-small font-medium whitespace-nowrap",
        className,
      )}
      {...props}
    />
  );
}
