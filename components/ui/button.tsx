import Link from "next/link";
import type { ComponentProps } from "react";
import { cn } from "./cn";

interface Looks {
  look?: "plain" | "primary" | "ghost" | "danger";
  size?: "normal" | "small";
  /** Square, for an icon alone; give it an `aria-label`. */
  square?: boolean;
  className?: string | undefined;
}

export type ButtonProps = ComponentProps<"button"> & Looks;

export function Button({ look, size, square, className, ...props }: ButtonProps) {
  return (
    <button type="button" className={classesOf({ look, size, square, className })} {...props} />
  );
}

/** A link with the looks of a button. */
export function ButtonLink({
  look,
  size,
  square,
  className,
  ...props
}: ComponentProps<typeof Link> & Looks) {
  return <Link className={classesOf({ look, size, square, className })} {...props} />;
}

function classesOf({
  look = "plain",
  size = "normal",
  square = false,
  className,
}: { [Name in keyof Looks]: Looks[Name] | undefined }): string {
  return cn(
    "ui-button",
    `ui-button-${look}`,
    `ui-button-${size}`,
    square && "ui-button-square",
    className,
  );
}
