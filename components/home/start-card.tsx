import type { ReactNode } from "react";
import { Card } from "@/components/ui/card";
import { cn } from "@/components/ui/cn";

export interface StartCardProps {
  title: string;
  about: string;
  /** The action and what it takes, at the foot. */
  foot: ReactNode;
  children?: ReactNode;
  className?: string;
}

/** One of the ways in: what it is, a taste of it, one button. */
export function StartCard({ title, about, foot, children, className }: StartCardProps) {
  return (
    <Card className={cn("flex min-h-[196px] flex-col gap-1.5 p-4", className)}>
      <h2>{title}</h2>
      <p className="text-muted">{about}</p>
      {children}
      <div className="mt-auto flex flex-wrap items-center gap-x-3 gap-y-2 pt-2">{foot}</div>
    </Card>
  );
}
