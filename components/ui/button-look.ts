import { cn } from "./cn";

export interface ButtonLook {
  look?: "plain" | "primary" | "ghost" | "danger" | undefined;
  size?: "normal" | "small" | undefined;
  /** Square, for an icon alone; give it an `aria-label`. */
  square?: boolean | undefined;
  className?: string | undefined;
}

export function buttonClasses({
  look = "plain",
  size = "normal",
  square = false,
  className,
}: ButtonLook): string {
  return cn(
    "ui-button",
    `ui-button-${look}`,
    `ui-button-${size}`,
    square && "ui-button-square",
    className,
  );
}
