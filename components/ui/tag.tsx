import type { ComponentProps } from "react";
import { cn } from "./cn";

export type Tone = "plain" | "ok" | "warn" | "bad" | "accent";

export function Tag({
  tone = "plain",
  className,
  ...props
}: ComponentProps<"span"> & { tone?: Tone }) {
  return <span className={cn("ui-tag", `ui-tag-${tone}`, className)} {...props} />;
}

/** A coloured point beside a word; never alone. */
export function Dot({ tone = "plain", className }: { tone?: Tone; className?: string }) {
  return <i aria-hidden className={cn("ui-dot", `ui-dot-${tone}`, className)} />;
}

export function Chip({ className, ...props }: ComponentProps<"span">) {
  return <span className={cn("ui-chip", className)} {...props} />;
}
