"use client";

import { useTheme } from "next-themes";
import { Toaster as Sonner } from "sonner";

/** Only for things that ended elsewhere than where the reader looks. */
export function Toaster() {
  const { resolvedTheme } = useTheme();
  return (
    <Sonner
      theme={resolvedTheme === "dark" ? "dark" : "light"}
      position="bottom-right"
      toastOptions={{ className: "!rounded-card !border-line !bg-raised !text-ink !font-sans" }}
    />
  );
}
