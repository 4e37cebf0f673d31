"use client";

import { useQuery } from "@tanstack/react-query";
import { Plus, TrendingDown } from "lucide-react";
import { useTranslations } from "next-intl";
import { ButtonLink } from "@/components/ui/button-link";
import { Card } from "@/components/ui/card";
import { ErrorNote } from "@/components/ui/error-note";
import { EmptyState, Page, PageHead, Skeleton } from "@/components/ui/page";
import { Toaster } from "@/components/ui/toaster";
import { paths } from "@/lib/config/paths";
import { commandRunsQuery } from "@/lib/query/command-runs";
import { runsQuery } from "@/lib/query/runs";
import { OtherRuns } from "./other-runs";
import { RunTable } from "./run-table";

export function RunsScreen() {
  const t = useTranslations("runs");
  const runs = useQuery(runsQuery());
  const commandRuns = useQuery(commandRunsQuery());
  const commandRecords = commandRuns.data ?? [];
  const isEmpty = runs.data?.length === 0 && !commandRuns.isPending && commandRecords.length === 0;
  return (
    <Page>
      <PageHead
        title={t("title")}
        lead={t("lead")}
        actions={
          !isEmpty && (
            <ButtonLink look="primary" href={paths.newRun()}>
              <Plus />
              {t("new")}
            </ButtonLink>
          )
        }
      />
      {runs.isError && <ErrorNote error={runs.error} className="mb-3" />}
      <Card className="overflow-hidden">
        {runs.isPending && <RowSkeletons />}
        {isEmpty && <NoRuns />}
        {runs.data && !isEmpty && <RunTable records={runs.data} commandRecords={commandRecords} />}
      </Card>
      {runs.data && !commandRuns.isPending && (
        <OtherRuns known={[...runs.data, ...commandRecords]} />
      )}
      <Toaster />
    </Page>
  );
}

function RowSkeletons() {
  return (
    <div aria-busy className="flex flex-col gap-2 p-3.5">
      {Array.from({ length: 4 }, (_, row) => (
        <Skeleton key={row} className="h-7" />
      ))}
    </div>
  );
}

function NoRuns() {
  const t = useTranslations("runs.empty");
  return (
    <EmptyState picture={<TrendingDown />} title={t("title")}>
      <p>{t("text")}</p>
      <div className="flex flex-wrap justify-center gap-2">
        <ButtonLink look="primary" href={paths.home()}>
          {t("sample")}
        </ButtonLink>
        <ButtonLink href={paths.datasets()}>{t("dataset")}</ButtonLink>
      </div>
    </EmptyState>
  );
}
