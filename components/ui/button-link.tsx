import Link from "next/link";
import type { ComponentProps } from "react";
import { buttonClasses, type ButtonLook } from "./button-look";

/** A link with the looks of a button. */
export function ButtonLink({
  look,
  size,
  square,
  className,
  ...props
}: ComponentProps<typeof Link> & ButtonLook) {
  return <Link className={buttonClasses({ look, size, square, className })} {...props} />;
}
