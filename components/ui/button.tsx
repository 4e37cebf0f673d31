import type { ComponentProps } from "react";
import { buttonClasses, type ButtonLook } from "./button-look";

export type ButtonProps = ComponentProps<"button"> & ButtonLook;

export function Button({ look, size, square, className, ...props }: ButtonProps) {
  return (
    <button type="button" className={buttonClasses({ look, size, square, className })} {...props} />
  );
}
