"use client";

import { Check, Globe } from "lucide-react";
import { useRouter } from "next/navigation";
import { useLocale, useTranslations } from "next-intl";
import { Button } from "@/components/ui/button";
import { Menu, MenuItem } from "@/components/ui/menu";
import { LOCALE_COOKIE, LOCALES, type Locale } from "@/lib/config/locales";

const YEAR_S = 31_536_000;
const NAMES: Record<Locale, string> = { en: "English", zh: "中文" };

export function LanguageMenu() {
  const t = useTranslations("frame");
  const current = useLocale();
  const router = useRouter();
  return (
    <Menu
      trigger={
        <Button look="ghost" size="small" square aria-label={t("language")}>
          <Globe />
        </Button>
      }
    >
      {LOCALES.map((locale) => (
        <MenuItem
          key={locale}
          lang={locale}
          onSelect={() => {
            chooseLocale(locale);
            router.refresh();
          }}
        >
          <Check className={locale === current ? "" : "invisible"} />
          {NAMES[locale]}
        </MenuItem>
      ))}
    </Menu>
  );
}

function chooseLocale(locale: Locale) {
  document.cookie = `${LOCALE_COOKIE}=${locale}; path=/; max-age=${YEAR_S}; samesite=strict`;
}
