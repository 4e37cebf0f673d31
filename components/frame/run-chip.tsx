"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { useFormatter, useTranslations } from "next-intl";
import { Chip, Dot } from "@/components/ui/tag";
import { formatDuration } from "@/lib/base/format";
import { paths } from "@/lib/config/paths";
import { sessionQuery } from "@/lib/query/session";
import { useGoOn } from "@/lib/stores/go-on";
import { useDrivenRun } from "@/lib/stores/live-run";

/** The run that this browser drives, from every screen but its own. */
export function RunChip() {
  const t = useTranslations("frame");
  const format = useFormatter();
  const pathname = usePathname();
  const session = useQuery(sessionQuery());
  useGoOn(session.data?.serverId ?? null);
  const run = useDrivenRun();
  if (!run) return null;
  const { record } = run;
  const href = paths.run(record.key);
  if (pathname === href) return null;
  const { totalSteps } = record.plan;
  const msPerStep = record.step > 0 ? record.activeMs / record.step : null;
  return (
    <Link
      href={href}
      className="min-w-0 rounded-full"
      aria-label={t("runChip", { name: record.config.name })}
    >
      <Chip className="hover:bg-hover">
        <Dot tone={record.status === "training" ? "accent" : "warn"} />
        <span className="hidden truncate sm:inline">{record.config.name}</span>
        <b className="font-semibold num">
          {format.number(record.step / totalSteps, { style: "percent" })}
        </b>
        {msPerStep !== null && (
          <span className="hidden text-faint num sm:inline">
            {t("left", { time: formatDuration((totalSteps - record.step) * msPerStep) })}
          </span>
        )}
      </Chip>
    </Link>
  );
}
