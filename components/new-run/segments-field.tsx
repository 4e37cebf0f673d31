import type { ReactNode } from "react";

/** Label and help around segments, which carry their own name. */
export function SegmentsField({
  label,
  help,
  children,
}: {
  label: string;
  help?: string;
  children: ReactNode;
}) {
  return (
    <div className="flex min-w-0 flex-col items-start gap-1">
      <span aria-hidden className="text-body font-[550]">
        {label}
      </span>
      {children}
      {help && <p className="text-small text-faint">{help}</p>}
    </div>
  );
}
