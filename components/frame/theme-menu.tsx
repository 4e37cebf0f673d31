"use client";

import { Moon, Sun } from "lucide-react";
import { useTheme } from "next-themes";
import { useTranslations } from "next-intl";
import { IconSelect } from "@/components/ui/icon-select";

const THEMES = [
  { value: "light", label: "themeLight" },
  { value: "dark", label: "themeDark" },
  { value: "system", label: "themeSystem" },
] as const;

export function ThemeMenu() {
  const t = useTranslations("frame");
  const { theme, setTheme } = useTheme();
  return (
    <IconSelect
      label={t("theme")}
      icon={
        <>
          <Sun aria-hidden className="dark:hidden" />
          <Moon aria-hidden className="hidden dark:block" />
        </>
      }
      // The server does not know the choice; what the first render shows is replaced by the browser.
      suppressHydrationWarning
      value={theme ?? "system"}
      onChange={(event) => setTheme(event.target.value)}
    >
      {THEMES.map(({ value, label }) => (
        <option key={value} value={value}>
          {t(label)}
        </option>
      ))}
    </IconSelect>
  );
}
