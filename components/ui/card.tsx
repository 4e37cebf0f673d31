import type { ComponentProps } from "react";
import { cn } from "./cn";

export function Card({ className, ...props }: ComponentProps<"section">) {
  return <section className={cn("ui-card", className)} {...props} />;
}

export function CardHead({ className, ...props }: ComponentProps<"div">) {
  return <div className={cn("ui-card-head", className)} {...props} />;
}
