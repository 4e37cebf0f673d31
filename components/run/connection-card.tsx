import { useQuery } from "@tanstack/react-query";
import { useNow, useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { Card } from "@/components/ui/card";
import { cn } from "@/components/ui/cn";
import { Dot } from "@/components/ui/tag";
import { capacityQuery, healthQuery } from "@/lib/query/server";
import { sessionQuery } from "@/lib/query/session";
import type { LiveRun } from "@/lib/stores/live-run-updates";
import { isUnderWay } from "@/lib/stores/run-tones";

const NONE = "–";

/** How the server behaves towards this run. */
export function ConnectionCard({ run, className }: { run: LiveRun; className?: string }) {
  const t = useTranslations("run.connection");
  const now = useNow({ updateInterval: 1000 }).getTime();
  const session = useQuery(sessionQuery());
  const isConnected = session.data?.connected ?? false;
  const health = useQuery({ ...healthQuery(), enabled: isConnected });
  const capacity = useQuery({ ...capacityQuery(), enabled: isConnected });
  const { connection, record, activity } = run;
  const isLive = isUnderWay(record.status) && !run.isFromCommandLine;
  const server = session.data?.isLocal ? t("local") : (session.data?.serverName ?? "");
  const ago = (at: number) => t("ago", { seconds: Math.max(0, Math.round((now - at) / 1000)) });
  const isBad = health.isError || activity.code === "reconnecting";
  return (
    <Card className={cn("px-4 py-3", className)}>
      <div className="mb-1.5 flex items-center gap-2">
        <Dot tone={isBad ? "bad" : health.data ? "ok" : "plain"} />
        <h2 className="truncate">
          {t(isBad ? "silent" : health.data ? "answers" : "checking", { server })}
        </h2>
        <span className="ml-auto shrink-0 text-faint num">
          {health.data && !isBad && t("latency", { ms: health.data.latencyMs })}
        </span>
      </div>
      <dl>
        <Fact name={t("acknowledged")}>
          {isLive && connection.lastAcknowledgedAt !== null
            ? ago(connection.lastAcknowledgedAt)
            : NONE}
        </Fact>
        <Fact name={t("heartbeat")}>
          {isLive && connection.lastHeartbeatAt !== null
            ? t("heartbeatEvery", { ago: ago(connection.lastHeartbeatAt) })
            : NONE}
        </Fact>
        <Fact name={t("queue")}>
          {!isLive || isBad ? NONE : (activity.reason ?? connection.queueState ?? t("queueOpen"))}
        </Fact>
        <Fact name={t("slots")}>
          {capacity.data
            ? t("slotsOf", { free: capacity.data.freeLoras, max: capacity.data.maxLoras })
            : capacity.isPending
              ? NONE
              : t("slotsUnknown")}
        </Fact>
        <Fact name={t("retries")}>{isLive ? connection.retries : NONE}</Fact>
      </dl>
    </Card>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="flex justify-between gap-3 leading-7 whitespace-nowrap text-muted">
      <dt>{name}</dt>
      <dd className="min-w-0 flex-1 truncate text-right font-medium text-ink num">{children}</dd>
    </div>
  );
}
