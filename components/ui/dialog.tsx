"use client";

import { X } from "lucide-react";
import { Dialog as Radix } from "radix-ui";
import { useTranslations } from "next-intl";
import { useRef, type ReactNode } from "react";
import { Button } from "./button";
import { cn } from "./cn";

export interface DialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: ReactNode;
  /** Read out with the title; leave out where the body says it. */
  description?: ReactNode;
  children: ReactNode;
  className?: string;
}

/** A box over the page. Closed, it gives the focus back to what opened it. */
export function Dialog({
  open,
  onOpenChange,
  title,
  description,
  children,
  className,
}: DialogProps) {
  const t = useTranslations("common");
  const opener = useRef<Element>(null);
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 bg-veil" />
        <Radix.Content
          {...(description ? {} : { "aria-describedby": undefined })}
          className={cn("ui-dialog", className)}
          onOpenAutoFocus={() => {
            opener.current = document.activeElement;
          }}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            if (opener.current instanceof HTMLElement) opener.current.focus();
          }}
        >
          <Radix.Title className="pr-8 text-[16px] leading-6 font-semibold">{title}</Radix.Title>
          {description && (
            <Radix.Description className="mt-0.5 text-muted">{description}</Radix.Description>
          )}
          {children}
          <Radix.Close asChild>
            <Button
              look="ghost"
              size="small"
              square
              aria-label={t("close")}
              className="absolute top-4 right-4"
            >
              <X />
            </Button>
          </Radix.Close>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
