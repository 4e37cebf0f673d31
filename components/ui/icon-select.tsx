import type { ComponentProps, ReactNode } from "react";

/** The platform's own list of choices under an icon: nothing to load, and at home on a phone. */
export function IconSelect({
  label,
  icon,
  ...props
}: Omit<ComponentProps<"select">, "aria-label" | "className"> & {
  label: string;
  icon: ReactNode;
}) {
  return (
    <span
      title={label}
      className="relative inline-flex size-[26px] items-center justify-center rounded-control text-muted transition-colors duration-150 hover:bg-hover hover:text-ink has-focus-visible:outline-2 has-focus-visible:outline-accent max-sm:size-8 [&_svg]:size-4"
    >
      {icon}
      <select aria-label={label} className="absolute inset-0 cursor-pointer opacity-0" {...props} />
    </span>
  );
}
