"use client";

import { useTranslations } from "next-intl";

/** A server's id as people read it: the local server by its name, any other by its address. */
export function useServerName(): (serverId: string) => string {
  const t = useTranslations("frame");
  return (serverId) =>
    serverId === "local" ? t("localServer") : serverId.replace(/^https?:\/\//, "");
}
