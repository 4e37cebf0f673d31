"use client";

import Link from "next/link";
import { useTranslations } from "next-intl";
import { Chip, Dot } from "@/components/ui/tag";
import { paths } from "@/lib/config/paths";
import { useServerHealth } from "./use-server-health";

export function ServerChip() {
  const t = useTranslations("frame");
  const { session, isConnected, tone, isUnreachable, isKnown, latencyMs, capacity } =
    useServerHealth();
  // Shown whole or not at all, so that nothing beside it moves.
  if (!session || (isConnected && !isKnown)) return null;
  const name = !isConnected
    ? t("notConnected")
    : session.isLocal
      ? t("localServer")
      : session.serverName;
  return (
    <Link href={paths.connect()} className="min-w-0 rounded-full" data-testid="server-chip">
      <Chip className="hover:bg-hover">
        <Dot tone={tone} />
        <span className="truncate">{name}</span>
        {isConnected && (
          <span className="hidden text-faint num sm:inline">
            {isUnreachable
              ? t("unreachable")
              : capacity
                ? t("slots", { free: capacity.freeLoras, max: capacity.maxLoras })
                : latencyMs !== null && t("latency", { ms: latencyMs })}
          </span>
        )}
      </Chip>
    </Link>
  );
}
