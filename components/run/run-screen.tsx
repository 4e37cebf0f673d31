"use client";

import { useQuery } from "@tanstack/react-query";
import { History } from "lucide-react";
import { useTranslations } from "next-intl";
import { useMemo } from "react";
import { ButtonLink } from "@/components/ui/button-link";
import { ErrorNote } from "@/components/ui/error-note";
import { EmptyState, Page } from "@/components/ui/page";
import { toErrorReport } from "@/lib/base/errors";
import { paths } from "@/lib/config/paths";
import { commandRunQuery } from "@/lib/query/command-runs";
import { runQuery } from "@/lib/query/runs";
import { liveCommandRun } from "@/lib/stores/command-run";
import { useLiveRun } from "@/lib/stores/live-run";
import { RunBoard } from "./run-board";
import { RunSkeleton } from "./run-skeleton";

export function RunScreen({ runKey }: { runKey: string }) {
  const run = useLiveRun(runKey);
  const stored = useQuery(runQuery(runKey));
  if (run) return <RunBoard run={run} />;
  if (stored.data === null) return <CommandRun runKey={runKey} />;
  return (
    <Page>
      {stored.isError ? <ErrorNote error={stored.error} /> : <RunSkeleton record={stored.data} />}
    </Page>
  );
}

/** A run that this browser does not have is one of the command line, or none. */
function CommandRun({ runKey }: { runKey: string }) {
  const found = useQuery(commandRunQuery(runKey));
  const run = useMemo(
    () => found.data && liveCommandRun(found.data, found.dataUpdatedAt),
    [found.data, found.dataUpdatedAt],
  );
  if (run) return <RunBoard run={run} />;
  return (
    <Page>
      {found.isPending ? (
        <RunSkeleton record={undefined} />
      ) : toErrorReport(found.error).code === "not_found" ? (
        <MissingRun />
      ) : (
        <ErrorNote error={found.error} />
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
