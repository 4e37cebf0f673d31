"use client";

import { usePathname } from "next/navigation";
import { useTranslations } from "next-intl";
import { LanguageMenu } from "./language-menu";
import { RunChip } from "./run-chip";
import { sectionOf } from "./sections";
import { ServerChip } from "./server-chip";
import { ThemeMenu } from "./theme-menu";

export function TopBar() {
  const t = useTranslations("nav");
  const section = sectionOf(usePathname());
  return (
    <header className="row-start-1 flex min-w-0 items-center gap-2.5 border-b border-line bg-canvas px-3.5 sm:col-start-2 sm:pr-4 sm:pl-5">
      <span className="hidden font-[550] sm:inline">{section ? t(section) : ""}</span>
      <div className="hidden flex-1 sm:block" />
      <RunChip />
      <ServerChip />
      <div className="ml-auto flex sm:ml-0">
        <LanguageMenu />
        <ThemeMenu />
      </div>
    </header>
  );
}
