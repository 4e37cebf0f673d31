import type { ComponentProps } from "react";
import { cn } from "./cn";

/** A table that scrolls within itself when the screen is narrower. */
export function Table({ className, ...props }: ComponentProps<"table">) {
  return (
    <div className="overflow-x-auto">
      <table className={cn("w-full border-collapse", className)} {...props} />
    </div>
  );
}

export function Th({ className, ...props }: ComponentProps<"th">) {
  return (
    <th
      className={cn(
        "sticky top-0 h-8 border-b border-line bg-surface px-2.5 text-left text-small font-medium whitespace-nowrap text-faint first:pl-3.5 last:pr-3.5",
        className,
      )}
      {...props}
    />
  );
}

export function Td({ className, ...props }: ComponentProps<"td">) {
  return (
    <td
      className={cn(
        "h-9 border-b border-line px-2.5 whitespace-nowrap first:pl-3.5 last:pr-3.5 [tr:last-child>&]:border-b-0",
        className,
      )}
      {...props}
    />
  );
}
