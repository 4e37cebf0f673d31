"use client";

import { Check, Moon, Sun } from "lucide-react";
import { useTheme } from "next-themes";
import { useTranslations } from "next-intl";
import { Button } from "@/components/ui/button";
import { Menu, MenuItem } from "@/components/ui/menu";

const THEMES = [
  { value: "light", label: "themeLight" },
  { value: "dark", label: "themeDark" },
  { value: "system", label: "themeSystem" },
] as const;

export function ThemeMenu() {
  const t = useTranslations("frame");
  const { theme, setTheme } = useTheme();
  return (
    <Menu
      trigger={
        <Button look="ghost" size="small" square aria-label={t("theme")}>
          <Sun className="dark:hidden" />
          <Moon className="hidden dark:block" />
        </Button>
      }
    >
      {THEMES.map(({ value, label }) => (
        <MenuItem key={value} onSelect={() => setTheme(value)}>
          <Check className={theme === value ? "" : "invisible"} />
          {t(label)}
        </MenuItem>
      ))}
    </Menu>
  );
}
