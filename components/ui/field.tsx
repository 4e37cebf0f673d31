"use client";

import { useId, type ComponentProps, type ReactNode } from "react";
import { cn } from "./cn";

export function Input({ className, ...props }: ComponentProps<"input">) {
  return <input className={cn("ui-control", className)} {...props} />;
}

export function Textarea({ className, ...props }: ComponentProps<"textarea">) {
  return <textarea className={cn("ui-control", className)} {...props} />;
}

export function NativeSelect({ className, ...props }: ComponentProps<"select">) {
  return <select className={cn("ui-control", className)} {...props} />;
}

export interface FieldProps {
  label: ReactNode;
  /** One faint line below; replaced by the error while there is one. */
  help?: ReactNode;
  error?: ReactNode;
  className?: string;
  children: (control: {
    id: string;
    "aria-describedby": string;
    "aria-invalid": boolean;
  }) => ReactNode;
}

/** A labelled control with help or error text tied to it. */
export function Field({ label, help, error, className, children }: FieldProps) {
  const id = useId();
  const describedBy = `${id}-help`;
  return (
    <div className={cn("flex min-w-0 flex-col gap-1", className)}>
      <label htmlFor={id} className="font-[550]">
        {label}
      </label>
      {children({ id, "aria-describedby": describedBy, "aria-invalid": Boolean(error) })}
      <p id={describedBy} className={cn("text-small", error ? "text-bad" : "text-faint")}>
        {error ?? help}
      </p>
    </div>
  );
}
