"use client";

import { Check, Copy } from "lucide-react";
import { Button, type ButtonProps } from "./button";
import { useCopied } from "./use-copied";

export interface CopyButtonProps extends Omit<ButtonProps, "onClick"> {
  text: string;
  label: string;
  copiedLabel: string;
  /** Shows the label beside the icon. */
  withText?: boolean;
}

export function CopyButton({
  text,
  label,
  copiedLabel,
  withText = false,
  ...props
}: CopyButtonProps) {
  const [isCopied, copy] = useCopied();
  const Icon = isCopied ? Check : Copy;
  return (
    <Button
      look="ghost"
      size="small"
      square={!withText}
      aria-label={isCopied ? copiedLabel : label}
      title={label}
      onClick={() => copy(text)}
      {...props}
    >
      <Icon />
      {withText && (isCopied ? copiedLabel : label)}
    </Button>
  );
}
