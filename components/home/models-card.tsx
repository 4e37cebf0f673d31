"use client";

import { useQuery } from "@tanstack/react-query";
import { MessageSquare, Server } from "lucide-react";
import { useTranslations } from "next-intl";
import { ButtonLink } from "@/components/ui/button-link";
import { Card, CardHead } from "@/components/ui/card";
import { ErrorNote } from "@/components/ui/error-note";
import { Skeleton } from "@/components/ui/page";
import { Tag } from "@/components/ui/tag";
import { formatCount } from "@/lib/base/format";
import { paths } from "@/lib/config/paths";
import { localModelsQuery } from "@/lib/query/local-models";
import { capabilitiesQuery } from "@/lib/query/server";
import { sessionQuery } from "@/lib/query/session";
import { LocalModelRows } from "./local-models";

const TOY_PARAMETERS = 20_000_000;

/** The base models of the connected server, and the way to another one. */
export function ModelsCard() {
  const t = useTranslations("home");
  const capabilities = useQuery(capabilitiesQuery());
  const session = useQuery(sessionQuery());
  const isLocal = session.data?.isLocal ?? false;
  const local = useQuery({ ...localModelsQuery(), enabled: isLocal });
  // All rows come at once, so that none of them moves.
  if (session.isPending || capabilities.isPending || local.isLoading) return <ModelsSkeleton />;
  return (
    <Card>
      <CardHead>
        <h2>{t("models.title")}</h2>
      </CardHead>
      <ul className="flex flex-col gap-3 p-3.5">
        {capabilities.isError && (
          <li>
            <ErrorNote error={capabilities.error} />
          </li>
        )}
        {capabilities.data?.models.map((model) => (
          <li key={model.name} className="flex min-h-[52px] items-center gap-3">
            <Tag tone="ok" className="w-16 justify-center">
              {t("models.ready")}
            </Tag>
            <div className="min-w-0 flex-1">
              <b className="block truncate font-[550]">{model.name}</b>
              <span className="block text-small text-faint">
                {model.parameterCount === null
                  ? t("models.onServer")
                  : t(model.parameterCount < TOY_PARAMETERS ? "models.toy" : "models.parameters", {
                      count: formatCount(model.parameterCount),
                    })}
              </span>
            </div>
            <ButtonLink size="small" href={paths.playground({ model: model.name })}>
              <MessageSquare />
              {t("models.chat")}
            </ButtonLink>
          </li>
        ))}
        {local.data && <LocalModelRows models={local.data} />}
        <li className="flex items-center gap-3 border-t border-line pt-3">
          <Tag className="w-16 justify-center">GPU</Tag>
          <div className="min-w-0 flex-1">
            <b className="block font-[550]">{t("models.larger")}</b>
            <span className="block text-small text-faint">{t("models.largerAbout")}</span>
          </div>
          <ButtonLink size="small" href={paths.connect()}>
            <Server />
            {t("models.connect")}
          </ButtonLink>
        </li>
      </ul>
    </Card>
  );
}

function ModelsSkeleton() {
  const t = useTranslations("home");
  return (
    <Card aria-busy>
      <CardHead>
        <h2>{t("models.title")}</h2>
      </CardHead>
      <div className="flex flex-col gap-3 p-3.5">
        <Skeleton className="h-[52px]" />
        <Skeleton className="h-[52px]" />
        <Skeleton className="h-[52px]" />
      </div>
    </Card>
  );
}
