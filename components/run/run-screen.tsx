"use client";

import { useQuery } from "@tanstack/react-query";
import { History } from "lucide-react";
import { useTranslations } from "next-intl";
import { ButtonLink } from "@/components/ui/button-link";
import { ErrorNote } from "@/components/ui/error-note";
import { EmptyState, Page } from "@/components/ui/page";
import { paths } from "@/lib/config/paths";
import { runQuery } from "@/lib/query/runs";
import { useLiveRun } from "@/lib/stores/live-run";
import { RunBoard } from "./run-board";
import { RunSkeleton } from "./run-skeleton";

export function RunScreen({ runKey }: { runKey: string }) {
  const run = useLiveRun(runKey);
  const stored = useQuery(runQuery(runKey));
  if (run) return <RunBoard run={run} />;
  return (
    <Page>
      {stored.isError ? (
        <ErrorNote error={stored.error} />
      ) : stored.data === null ? (
        <MissingRun />
      ) : (
        <RunSkeleton record={stored.data} />
      )}
    </Page>
  );
}

function MissingRun() {
  const t = useTranslations("run.missing");
  return (
    <>
      <h1 className="sr-only">{t("title")}</h1>
      <EmptyState picture={<History />} title={t("title")}>
        <p>{t("text")}</p>
        <div className="flex gap-2">
          <ButtonLink look="primary" href={paths.runs()}>
            {t("runs")}
          </ButtonLink>
          <ButtonLink href={paths.checkpoints()}>{t("checkpoints")}</ButtonLink>
        </div>
      </EmptyState>
    </>
  );
}
