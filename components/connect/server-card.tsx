"use client";

import { useQuery } from "@tanstack/react-query";
import { Check, CircleAlert, Minus, Stethoscope } from "lucide-react";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { ButtonLink } from "@/components/ui/button-link";
import { Card } from "@/components/ui/card";
import { ErrorNote } from "@/components/ui/error-note";
import { Skeleton } from "@/components/ui/page";
import { Dot } from "@/components/ui/tag";
import { formatCount } from "@/lib/base/format";
import { paths } from "@/lib/config/paths";
import { capabilitiesQuery, capacityQuery, healthQuery } from "@/lib/query/server";
import { sessionQuery } from "@/lib/query/session";

/** What the connected server answered, check by check. */
export function ServerCard() {
  const t = useTranslations("connect");
  const session = useQuery(sessionQuery());
  const enabled = session.data?.connected ?? false;
  const health = useQuery({ ...healthQuery(), enabled });
  const capabilities = useQuery({ ...capabilitiesQuery(), enabled });
  const capacity = useQuery({ ...capacityQuery(), enabled });
  if (!session.data) return <Skeleton className="h-72" />;
  const { isLocal, serverName, serverUrl } = session.data;
  return (
    <Card aria-label={t("status")}>
      <div className="flex items-start gap-3 px-4 py-3.5">
        <div className="min-w-0 flex-1">
          <h2 className="truncate">{isLocal ? t("local") : (serverName ?? t("none"))}</h2>
          <p className="flex items-center gap-1.5 text-muted">
            <Dot tone={health.isError ? "bad" : health.data ? "ok" : "plain"} />
            {health.isError ? t("unreachable") : health.data ? t("answers") : t("checking")}
          </p>
        </div>
        {health.data && (
          <b className="font-semibold num">{t("latency", { ms: health.data.latencyMs })}</b>
        )}
      </div>
      {capabilities.isError && <ErrorNote error={capabilities.error} className="mx-4 mb-4" />}
      <dl>
        <CheckRow
          name={t("addressName")}
          state={health.isError ? "bad" : health.data ? "ok" : "open"}
        >
          <span className="font-mono text-mono [overflow-wrap:anywhere]">
            {serverUrl ?? t("none")}
          </span>
        </CheckRow>
        <CheckRow name={t("token")} state={enabled ? "ok" : "open"}>
          {session.data.hasToken ? t("tokenSealed") : t("tokenNone")}
        </CheckRow>
        <CheckRow name={t("models")} state={capabilities.data?.models.length ? "ok" : "open"}>
          {capabilities.data?.models.length === 0 && t("modelsAbsent")}
          {capabilities.data?.models.map((model) => (
            <span key={model.name} className="block">
              <b className="font-[550]">{model.name}</b>
              {model.maxContextLength !== null && (
                <span className="text-muted">
                  {" "}
                  · {t("context", { tokens: model.maxContextLength })}
                </span>
              )}
              {model.parameterCount !== null && (
                <span className="text-muted">
                  {" "}
                  · {t("parameters", { count: formatCount(model.parameterCount) })}
                </span>
              )}
            </span>
          ))}
        </CheckRow>
        <CheckRow name={t("slots")} state={capacity.data ? "ok" : "open"}>
          {capacity.data
            ? t("slotsFree", { free: capacity.data.freeLoras, max: capacity.data.maxLoras })
            : capacity.isSuccess
              ? t("slotsAbsent")
              : null}
        </CheckRow>
      </dl>
      {enabled && (
        <div className="border-t border-line px-4 py-3">
          <ButtonLink size="small" href={paths.doctor()}>
            <Stethoscope />
            {t("doctor")}
          </ButtonLink>
        </div>
      )}
    </Card>
  );
}

const STATES = {
  ok: { icon: Check, ink: "text-ok" },
  bad: { icon: CircleAlert, ink: "text-bad" },
  open: { icon: Minus, ink: "text-faint" },
} as const;

function CheckRow({
  name,
  state,
  children,
}: {
  name: string;
  state: keyof typeof STATES;
  children: ReactNode;
}) {
  const { icon: Icon, ink } = STATES[state];
  return (
    <div className="grid min-h-11 grid-cols-[16px_minmax(0,96px)_minmax(0,1fr)] items-baseline gap-x-3 border-t border-line px-4 py-3">
      <Icon aria-hidden className={`size-4 self-start ${ink}`} />
      <dt className="font-[550]">{name}</dt>
      <dd className="min-w-0 text-muted [&_b]:text-ink">{children}</dd>
    </div>
  );
}
