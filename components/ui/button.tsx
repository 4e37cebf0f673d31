import { Slot } from "radix-ui";
import type { ComponentProps } from "react";
import { cn } from "./cn";

const LOOKS = {
  plain: "border-line-strong bg-surface hover:bg-hover",
  primary: "border-transparent bg-accent text-on-accent hover:bg-accent-hover",
  ghost: "border-transparent text-muted hover:bg-hover hover:text-ink",
  danger: "border-line-strong bg-surface text-bad hover:bg-bad-soft",
} as const;

const SIZES = {
  normal: "h-8 px-3 text-body",
  small: "h-[26px] px-2 text-small",
} as const;

export interface ButtonProps extends ComponentProps<"button"> {
  look?: keyof typeof LOOKS;
  size?: keyof typeof SIZES;
  /** Square, for an icon alone; give it an `aria-label`. */
  square?: boolean;
  /** Renders the child (a link) with the looks of a button. */
  asChild?: boolean;
}

export function Button({
  look = "plain",
  size = "normal",
  square = false,
  asChild = false,
  className,
  ...props
}: ButtonProps) {
  const Element = asChild ? Slot.Root : "button";
  return (
    <Element
      {...(asChild ? {} : { type: "button" })}
      className={cn(
        "inline-flex shrink-0 items-center justify-center gap-1.5 rounded-control border font-[550] whitespace-nowrap transition-colors duration-150 [&_svg]:size-4 [&_svg]:shrink-0",
        "disabled:cursor-not-allowed disabled:border-line disabled:bg-sunken disabled:text-faint",
        LOOKS[look],
        SIZES[size],
        square && (size === "small" ? "w-[26px] px-0" : "w-8 px-0"),
        className,
      )}
      {...props}
    />
  );
}
