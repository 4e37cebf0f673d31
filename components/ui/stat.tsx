import type { ReactNode } from "react";
import { cn } from "./cn";

/** A figure under its name. */
export function Stat({
  name,
  children,
  className,
}: {
  name: ReactNode;
  children: ReactNode;
  className?: string;
}) {
  return (
    <div className={cn("min-w-0", className)}>
      <div className="truncate text-small text-faint">{name}</div>
      <div className="truncate text-[15px] leading-5 font-semibold tracking-tight num">
        {children}
      </div>
    </div>
  );
}
