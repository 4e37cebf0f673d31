"use client";

import { Globe } from "lucide-react";
import { useRouter } from "next/navigation";
import { useLocale, useTranslations } from "next-intl";
import { IconSelect } from "@/components/ui/icon-select";
import { LOCALE_COOKIE, LOCALES, type Locale } from "@/lib/config/locales";

const YEAR_S = 31_536_000;
const NAMES: Record<Locale, string> = { en: "English", zh: "中文" };

export function LanguageMenu() {
  const t = useTranslations("frame");
  const router = useRouter();
  return (
    <IconSelect
      label={t("language")}
      icon={<Globe aria-hidden />}
      value={useLocale()}
      onChange={(event) => {
        chooseLocale(event.target.value);
        router.refresh();
      }}
    >
      {LOCALES.map((locale) => (
        <option key={locale} value={locale} lang={locale}>
          {NAMES[locale]}
        </option>
      ))}
    </IconSelect>
  );
}

function chooseLocale(locale: string) {
  document.cookie = `${LOCALE_COOKIE}=${locale}; path=/; max-age=${YEAR_S}; samesite=strict`;
}
