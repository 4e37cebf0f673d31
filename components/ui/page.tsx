import type { ReactNode } from "react";
import { cn } from "./cn";

export function Page({ children, className }: { children: ReactNode; className?: string }) {
  return <div className={cn("ui-page", className)}>{children}</div>;
}

export interface PageHeadProps {
  title: ReactNode;
  lead?: ReactNode;
  /** The one primary action, at the right. */
  actions?: ReactNode;
}

export function PageHead({ title, lead, actions }: PageHeadProps) {
  return (
    <div className="mb-5 flex flex-wrap items-start gap-x-4 gap-y-2.5">
      <div className="min-w-0 flex-1 basis-72">
        <h1 className="[overflow-wrap:anywhere]">{title}</h1>
        {lead && <p className="mt-0.5 max-w-[62ch] text-muted">{lead}</p>}
      </div>
      {actions && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
    </div>
  );
}

/** What will be here, and how to get there. */
export function EmptyState({
  picture,
  title,
  children,
}: {
  picture?: ReactNode;
  title: ReactNode;
  children?: ReactNode;
}) {
  return (
    <div className="flex flex-col items-center gap-2 px-4 py-12 text-center">
      {picture && (
        <div className="mb-1 text-faint [&_svg]:size-9 [&_svg]:stroke-[1.25]">{picture}</div>
      )}
      <p className="max-w-[46ch] font-[550]">{title}</p>
      {children && (
        <div className="flex max-w-[52ch] flex-col items-center gap-3 text-muted">{children}</div>
      )}
    </div>
  );
}

/** Holds the place of what is being loaded, so that nothing jumps. */
export function Skeleton({ className }: { className?: string }) {
  return <div aria-hidden className={cn("ui-skeleton", className)} />;
}
