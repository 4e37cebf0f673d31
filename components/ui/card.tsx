import type { ComponentProps } from "react";
import { cn } from "./cn";

export function Card({ className, ...props }: ComponentProps<"section">) {
  return (
    <section
      className={cn("min-w-0 rounded-card border border-line bg-surface", className)}
      {...props}
    />
  );
}

export function CardHead({ className, ...props }: ComponentProps<"div">) {
  return (
    <div
      className={cn("flex min-h-11 items-center gap-2 border-b border-line px-3.5 py-2", className)}
      {...props}
    />
  );
}
