import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { Rail } from "./rail";
import { TopBar } from "./top-bar";

export function AppFrame({ children }: { children: ReactNode }) {
  const t = useTranslations("frame");
  return (
    <div className="grid h-dvh grid-cols-1 grid-rows-[48px_minmax(0,1fr)_auto] sm:grid-cols-[52px_minmax(0,1fr)] sm:grid-rows-[48px_minmax(0,1fr)] lg:grid-cols-[208px_minmax(0,1fr)]">
      <a
        href="#content"
        className="absolute top-1 left-1 z-50 -translate-y-12 rounded-control bg-accent px-3 py-1.5 text-on-accent focus:translate-y-0"
      >
        {t("skip")}
      </a>
      <Rail />
      <TopBar />
      <main
        id="content"
        tabIndex={-1}
        className="relative row-start-2 min-w-0 overflow-auto outline-none sm:col-start-2"
      >
        {children}
      </main>
    </div>
  );
}
