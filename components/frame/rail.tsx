"use client";

import { Server } from "lucide-react";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { cn } from "@/components/ui/cn";
import { paths } from "@/lib/config/paths";
import { BrandMark } from "./brand";
import { SECTIONS, sectionOf } from "./sections";
import { useServerHealth } from "./use-server-health";
import { Dot } from "@/components/ui/tag";

/** Left rail with words; icons alone below 1100 px; a bar at the bottom below 640 px. */
export function Rail() {
  const t = useTranslations("nav");
  const current = sectionOf(usePathname());
  const health = useServerHealth();
  return (
    <nav
      aria-label={t("label")}
      className="row-start-3 flex justify-around border-t border-line bg-sunken px-1 pb-[env(safe-area-inset-bottom)] sm:col-start-1 sm:row-span-2 sm:row-start-1 sm:flex-col sm:justify-start sm:gap-0.5 sm:border-t-0 sm:border-r sm:px-2 sm:py-2.5"
    >
      <Link
        href={paths.home()}
        className="hidden h-8 items-center justify-center gap-2.5 rounded-control px-2 text-[14px] font-[650] tracking-tight sm:mb-3 sm:flex lg:justify-start"
      >
        <BrandMark className="size-5 shrink-0" />
        <span className="sr-only lg:not-sr-only">Twinkle Studio</span>
      </Link>
      {SECTIONS.map(({ key, href, icon: Icon }) => (
        <RailLink key={key} href={href} isCurrent={current === key} label={t(key)}>
          <Icon aria-hidden className="size-4 shrink-0" />
        </RailLink>
      ))}
      <div className="hidden flex-1 sm:block" />
      <div className="hidden sm:block">
        <RailLink href={paths.connect()} isCurrent={current === "server"} label={t("server")}>
          <Server aria-hidden className="size-4 shrink-0" />
          <Dot tone={health.tone} className="ml-auto hidden lg:order-last lg:block" />
        </RailLink>
      </div>
    </nav>
  );
}

function RailLink({
  href,
  isCurrent,
  label,
  children,
}: {
  href: string;
  isCurrent: boolean;
  label: string;
  children: ReactNode;
}) {
  return (
    <Link
      href={href}
      title={label}
      aria-current={isCurrent ? "page" : undefined}
      className={cn(
        "flex h-[50px] w-16 flex-col items-center justify-center gap-0.5 rounded-control text-[10.5px] leading-[14px] font-medium hover:bg-hover hover:text-ink",
        "sm:h-8 sm:w-full sm:flex-row sm:gap-2.5 sm:px-2 sm:text-body lg:justify-start",
        isCurrent
          ? "text-ink sm:bg-surface sm:shadow-[0_0_0_1px_var(--border)] [&>svg]:text-accent-text"
          : "text-muted",
      )}
    >
      {children}
      <span className="sm:sr-only lg:not-sr-only">{label}</span>
    </Link>
  );
}
