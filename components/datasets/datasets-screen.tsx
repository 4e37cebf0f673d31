"use client";

import { useQuery } from "@tanstack/react-query";
import { Database } from "lucide-react";
import { useTranslations } from "next-intl";
import { Button } from "@/components/ui/button";
import { ButtonLink } from "@/components/ui/button-link";
import { Card } from "@/components/ui/card";
import { ErrorNote } from "@/components/ui/error-note";
import { EmptyState, Page, PageHead, Skeleton } from "@/components/ui/page";
import { paths } from "@/lib/config/paths";
import { datasetsQuery } from "@/lib/query/datasets";
import { DatasetTable } from "./dataset-table";
import { ImportCard } from "./import-card";

export function DatasetsScreen() {
  const t = useTranslations();
  const { data: datasets, error, refetch } = useQuery(datasetsQuery());
  return (
    <Page>
      <PageHead title={t("datasets.title")} lead={t("datasets.lead")} />
      <ImportCard />
      {error && (
        <ErrorNote
          error={error}
          actions={
            <Button size="small" onClick={() => void refetch()}>
              {t("common.retry")}
            </Button>
          }
        />
      )}
      {!datasets && !error && <Skeleton className="h-[68px] rounded-card" />}
      {datasets && (
        <Card className="overflow-hidden">
          {datasets.length > 0 ? <DatasetTable datasets={datasets} /> : <NoDatasets />}
        </Card>
      )}
    </Page>
  );
}

function NoDatasets() {
  const t = useTranslations("datasets.empty");
  return (
    <EmptyState picture={<Database aria-hidden />} title={t("title")}>
      <p>{t("help")}</p>
      <div className="flex flex-wrap justify-center gap-2">
        {(["pigLatin", "whoAmI"] as const).map((sample) => (
          <ButtonLink key={sample} href={paths.home()}>
            {t(sample)}
          </ButtonLink>
        ))}
      </div>
    </EmptyState>
  );
}
