"use client";

import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { ButtonLink } from "@/components/ui/button-link";
import { ErrorNote } from "@/components/ui/error-note";
import { Page, PageHead, Skeleton } from "@/components/ui/page";
import { paths } from "@/lib/config/paths";
import { datasetQuery } from "@/lib/query/datasets";
import { DatasetBench } from "./dataset-bench";

export function DatasetScreen({ datasetId }: { datasetId: string }) {
  const { data: dataset, error } = useQuery(datasetQuery(datasetId));
  if (dataset) return <DatasetBench dataset={dataset} />;
  return error ? <DatasetMissing error={error} /> : <DatasetSkeleton />;
}

function DatasetMissing({ error }: { error: Error }) {
  const t = useTranslations("datasets");
  return (
    <Page>
      <PageHead
        title={t("missing")}
        lead={t("missingHelp")}
        actions={<ButtonLink href={paths.datasets()}>{t("title")}</ButtonLink>}
      />
      <ErrorNote error={error} />
    </Page>
  );
}

function DatasetSkeleton() {
  const t = useTranslations("common");
  return (
    <div className="flex h-full flex-col gap-4 p-5">
      <h1 className="sr-only">{t("loading")}</h1>
      <Skeleton className="h-7 w-64" />
      <Skeleton className="h-10 w-full max-w-3xl" />
      <Skeleton className="min-h-0 flex-1" />
    </div>
  );
}
