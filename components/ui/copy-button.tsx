"use client";

import { Check, Copy } from "lucide-react";
import { useEffect, useState } from "react";
import { Button, type ButtonProps } from "./button";

const SHOWN_MS = 1500;

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
  const [isCopied, setIsCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) return;
    const timer = setTimeout(() => setIsCopied(false), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [isCopied]);
  const Icon = isCopied ? Check : Copy;
  return (
    <Button
      look="ghost"
      size="small"
      square={!withText}
      aria-label={isCopied ? copiedLabel : label}
      title={label}
      onClick={() => {
        navigator.clipboard.writeText(text).then(
          () => setIsCopied(true),
          () => setIsCopied(false),
        );
      }}
      {...props}
    >
      <Icon />
      {withText && (isCopied ? copiedLabel : label)}
    </Button>
  );
}
